import { requestIdOf } from './http-context.js';

const idFor = (given?: string) => requestIdOf({ headers: given === undefined ? {} : { 'x-request-id': given } });

describe('a request id', () => {
  it.each(['a', 'trace-1.2_3', 'x'.repeat(64)])("is the caller's when it is sane: %s", (given) => {
    expect(idFor(given)).toBe(given);
  });

  it.each([undefined, '', ' ', 'x'.repeat(65), 'a b', 'a\tb', 'ключ', '<script>', 'a,b'])(
    'is one of ours instead of %j',
    (given) => {
      expect(idFor(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    },
  );
});
