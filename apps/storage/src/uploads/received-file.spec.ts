import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { receiveFile } from './received-file.js';

const limits = { maxBytes: 10, timeoutMs: 5000 };
const stream = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));

describe('receiving a file', () => {
  it('collects its bytes and their hash', async () => {
    const { bytes, sha256 } = await receiveFile(stream('12345', '67890'), limits);
    expect(bytes.toString()).toBe('1234567890');
    expect(sha256).toBe(createHash('sha256').update('1234567890').digest('hex'));
  });

  it('refuses an empty one', async () => {
    await expect(receiveFile(stream(), limits)).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('refuses one byte too much, naming the limit, and leaves the rest to be drained', async () => {
    const body = new PassThrough();
    body.write('12345678901');
    await expect(receiveFile(body, limits)).rejects.toMatchObject({
      code: 'file_too_large',
      message: 'The file is larger than 10 bytes',
      details: { members: { max_bytes: 10 } },
    });
    expect(body.destroyed).toBe(false);
    body.end('the rest');
    await once(body.resume(), 'end');
  });

  it('refuses what its sender breaks off', async () => {
    const body = new PassThrough();
    body.write('123');
    const received = receiveFile(body, limits);
    body.destroy(new Error('aborted'));
    await expect(received).rejects.toMatchObject({ code: 'malformed_request' });
  });

  it('does not wait for ever', async () => {
    const body = new PassThrough();
    const received = receiveFile(body, { ...limits, timeoutMs: 20 });
    await expect(received).rejects.toMatchObject({
      code: 'malformed_request',
      message: 'The file did not arrive within 0.02 seconds',
    });
    body.destroy();
  });
});
