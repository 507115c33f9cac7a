import { refreshTokenHash } from './refresh-token.js';
import { newSession, renewal } from './session.js';

const now = new Date('2026-11-23T08:00:00.000Z');

describe('a session', () => {
  it('begins used and lives for the given days', () => {
    const session = newSession({ id: 's', accountId: 'a', refreshTokenHash: refreshTokenHash('first') }, now, 30);
    expect(session).toMatchObject({ createdAt: now, lastUsedAt: now, expiresAt: new Date('2026-12-23T08:00:00.000Z') });
  });

  it('lives on from its last use, with another token', () => {
    const later = new Date('2026-12-01T08:00:00.000Z');
    expect(renewal(refreshTokenHash('second'), later, 30)).toEqual({
      refreshTokenHash: refreshTokenHash('second'),
      lastUsedAt: later,
      expiresAt: new Date('2026-12-31T08:00:00.000Z'),
    });
  });
});
