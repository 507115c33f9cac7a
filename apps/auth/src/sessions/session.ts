/** One log-in of one account on one device: it lives as long as its refresh token is exchanged for a new one in time. */
export interface Session {
  id: string;
  accountId: string;
  /** SHA-256 of the only refresh token that is good now. */
  refreshTokenHash: Buffer;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

/** The session that a registration or a log-in begins. */
export const newSession = (
  { id, accountId, refreshTokenHash }: Pick<Session, 'id' | 'accountId' | 'refreshTokenHash'>,
  now: Date,
  lifetimeDays: number,
): Session => ({
  id,
  accountId,
  refreshTokenHash,
  createdAt: now,
  lastUsedAt: now,
  expiresAt: daysAfter(now, lifetimeDays),
});

/** What one use of the refresh token changes. */
export const renewal = (
  refreshTokenHash: Buffer,
  now: Date,
  lifetimeDays: number,
): Pick<Session, 'refreshTokenHash' | 'lastUsedAt' | 'expiresAt'> => ({
  refreshTokenHash,
  lastUsedAt: now,
  expiresAt: daysAfter(now, lifetimeDays),
});

const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * 86_400_000);
