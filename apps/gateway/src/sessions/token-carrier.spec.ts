import type { OpenedSession } from '#contracts';
import { TokenCarrier } from './token-carrier.js';
import type { SessionMode } from './session-mode.js';

const session: OpenedSession = {
  access_token: 'a',
  refresh_token: 'r',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_expires_at: '2026-01-01T00:01:00.000Z',
};
const rest = { access_token: 'a', token_type: 'Bearer', expires_in: 900 };
const cookies = 'lathe_refresh_token=r';

describe('a refresh token', () => {
  const header = jest.fn();
  const carrier = (mode: SessionMode, cookie?: string) => new TokenCarrier(mode, cookie, { header });
  beforeEach(() => header.mockClear());

  it('is given in the body, without what is ours', () => {
    expect(carrier('body').handOver(session)).toEqual({ ...rest, refresh_token: 'r' });
    expect(header).not.toHaveBeenCalled();
  });

  it('is given in a cookie, and then not in the body', () => {
    expect(carrier('cookie').handOver(session)).toEqual(rest);
    expect(header).toHaveBeenCalledWith('set-cookie', expect.stringMatching(/^lathe_refresh_token=r; HttpOnly/));
  });

  it('comes in the body, or in the cookie beside an empty body', () => {
    expect(carrier('body', 'lathe_refresh_token=other').tokenIn({ refresh_token: 'r' })).toBe('r');
    for (const body of [undefined, null, {}]) expect(carrier('cookie', cookies).tokenIn(body)).toBe('r');
  });

  it('comes in nothing else', () => {
    expect(() => carrier('body', cookies).tokenIn(undefined)).toThrow('The body must be a JSON object');
    expect(() => carrier('body').tokenIn({ refresh_token: 'r', role: 'admin' })).toThrow('The request is not valid');
    expect(() => carrier('cookie', cookies).tokenIn({ refresh_token: 'r' })).toThrow('The request is not valid');
    expect(() => carrier('cookie').tokenIn({})).toThrow('The refresh token is not valid');
  });

  it('is found by somebody who logs out, whatever comes with it', () => {
    expect(carrier('body').tokenAnywhereIn({ refresh_token: 'r', more: 1 })).toBe('r');
    expect(carrier('cookie', cookies).tokenAnywhereIn('nonsense')).toBe('r');
    for (const body of [undefined, null, 'x', [], { refresh_token: 5 }, { refresh_token: 'x'.repeat(513) }])
      expect(carrier('body').tokenAnywhereIn(body)).toBeNull();
  });
});
