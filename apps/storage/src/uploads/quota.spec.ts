import { expectRoom } from './quota.js';

const usage = { files: 3, bytes: 50, max_files: 4, max_bytes: 60 };

describe('the room of an account', () => {
  it('is enough up to the last file and the last byte', () => {
    expect(() => expectRoom(usage, 10)).not.toThrow();
  });

  it.each([
    ['files', { ...usage, files: 4 }, { limit: 4, used: 4 }],
    ['bytes', { ...usage, bytes: 51 }, { limit: 60, used: 51 }],
    ['files, also when a task made more', { ...usage, files: 9 }, { limit: 4, used: 9 }],
  ])('ends with its %s', (_, about, members) => {
    expect(() => expectRoom(about, 10)).toThrow(
      expect.objectContaining({ code: 'storage_quota_exceeded', details: { members } }),
    );
  });
});
