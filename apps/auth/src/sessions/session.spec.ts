import { refreshTokenHash } from './refresh-token.js';
import { newSession, repeatWithinMs, rotated, sessionView, type TokenUse, useOf } from './session.js';

const now = new Date('2026-11-23T08:00:00.000Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const day = 86_400_000;
const lifetimes = { REFRESH_TOKEN_DAYS: 30, SESSION_MAX_DAYS: 100 };
const client = { address: '203.0.113.7', user_agent: 'curl/8.5.0' };
const begun = newSession({ id: 's', accountId: 'a', refreshTokenHash: refreshTokenHash('0') }, client, now, lifetimes);
const elsewhere = { address: '198.51.100.1', user_agent: null };

/** The session after so many exchanges, the last one now. */
const ofGeneration = (generation: number) => ({
  ...begun,
  generation,
  refreshTokenHash: refreshTokenHash(String(generation)),
});
const use = (current: number, shown: number, ms = 0, about: object = {}): TokenUse =>
  useOf({ ...ofGeneration(current), ...about }, { generation: shown }, refreshTokenHash(String(shown)), after(ms));

describe('a session', () => {
  it('begins used and lives for the given days', () => {
    expect(begun).toMatchObject({ generation: 0, createdAt: now, lastUsedAt: now, expiresAt: after(30 * day) });
    expect(begun).toMatchObject({ address: '203.0.113.7', userAgent: 'curl/8.5.0', endedAt: null, endReason: null });
  });

  it('lives on from its last use, where it was used, with another token', () => {
    const later = after(8 * day);
    expect(rotated(begun, refreshTokenHash('1'), elsewhere, later, lifetimes)).toEqual({
      ...begun,
      generation: 1,
      refreshTokenHash: refreshTokenHash('1'),
      rotatedAt: later,
      lastUsedAt: later,
      address: '198.51.100.1',
      userAgent: null,
      expiresAt: after(38 * day),
    });
  });

  it('ends at last, however often it is used', () => {
    expect(rotated(begun, refreshTokenHash('1'), client, after(90 * day), lifetimes).expiresAt).toEqual(
      after(100 * day),
    );
  });

  it('shows its owner where it is, and which one asks', () => {
    expect(sessionView(begun, 's')).toEqual({
      id: 's',
      device: 'curl 8.5.0',
      address: '203.0.113.7',
      created_at: '2026-11-23T08:00:00.000Z',
      last_used_at: '2026-11-23T08:00:00.000Z',
      expires_at: '2026-12-23T08:00:00.000Z',
      current: true,
    });
    expect(sessionView({ ...begun, userAgent: null }, 'another')).toMatchObject({ device: null, current: false });
  });
});

describe('showing a refresh token', () => {
  it.each<[string, TokenUse, TokenUse]>([
    ['the newest', use(3, 3), 'rotate'],
    ['the newest, weeks later', use(3, 3, 29 * day), 'rotate'],
    ['the one before, at once', use(3, 2), 'repeat'],
    ['the one before, at the end of the pause', use(3, 2, repeatWithinMs), 'repeat'],
    ['the one before, later', use(3, 2, repeatWithinMs + 1), 'reuse'],
    ['the one before that, even at once', use(3, 1), 'reuse'],
    ['the first of many', use(3, 0), 'reuse'],
    ['one that is still to come', use(3, 4), 'refuse'],
    [
      'one of the same generation that was never given',
      use(3, 3, 0, { refreshTokenHash: refreshTokenHash('x') }),
      'refuse',
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it.each([0, 1, 2, 3, 4])('of generation %d is refused when the session is over', (shown) => {
    expect(use(3, shown, 30 * day)).toBe('refuse');
    expect(use(3, shown, 0, { endedAt: now })).toBe('refuse');
  });
});
