import { retryAfterMs } from './paid-task.js';

describe('how long a server has no room', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['7', 7000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['86400', 300_000],
    ['soon', 5000],
    [undefined, 5000],
  ])('is told by Retry-After: %s', (header, ms) =>
    expect(retryAfterMs({ headers: { 'retry-after': header } }, now)).toBe(ms),
  );
});
