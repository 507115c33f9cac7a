import type { Client, SessionEndReason, SessionView } from '#contracts';
import { deviceOf } from './device.js';
import type { RefreshToken } from './refresh-token.js';

/** One log-in of one account on one device: it lives as long as its refresh token is exchanged for a new one in time. */
export interface Session {
  id: string;
  accountId: string;
  /** How often the refresh token was exchanged. */
  generation: number;
  /** SHA-256 of the only refresh token that can be exchanged now. */
  refreshTokenHash: Buffer;
  rotatedAt: Date;
  /** Where it was used last. */
  address: string | null;
  userAgent: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  /** Set when it ended before its time. */
  endedAt: Date | null;
  endReason: SessionEndReason | null;
}

/** For how long a session may lie unused, and for how long it may live at all: both in days, as the settings have them. */
export interface Lifetimes {
  REFRESH_TOKEN_DAYS: number;
  SESSION_MAX_DAYS: number;
}

/** An answer that got lost is asked for again at once; whoever comes with a spent token later is not the one it was given to. */
export const repeatWithinMs = 10_000;

/** The session that a registration or a log-in begins. */
export const newSession = (
  about: Pick<Session, 'id' | 'accountId' | 'refreshTokenHash'>,
  { address, user_agent }: Client,
  now: Date,
  lifetimes: Lifetimes,
): Session => ({
  ...about,
  generation: 0,
  rotatedAt: now,
  address,
  userAgent: user_agent,
  createdAt: now,
  lastUsedAt: now,
  expiresAt: expiryOf(now, now, lifetimes),
  endedAt: null,
  endReason: null,
});

/**
 * What it means that a refresh token of ours is shown: `rotate` it, `repeat` the answer that its holder did not get, `reuse` by
 * somebody who kept or stole a spent one, or `refuse` it because the session is over.
 */
export type TokenUse = 'rotate' | 'repeat' | 'reuse' | 'refuse';

/** Decides what showing a token means for its session (RFC 9700 §4.14.2). */
export function useOf(
  session: Pick<Session, 'generation' | 'refreshTokenHash' | 'rotatedAt' | 'expiresAt' | 'endedAt'>,
  token: Pick<RefreshToken, 'generation'>,
  hash: Buffer,
  now: Date,
): TokenUse {
  if (session.endedAt || session.expiresAt <= now) return 'refuse';
  const age = session.generation - token.generation;
  if (age === 0) return hash.equals(session.refreshTokenHash) ? 'rotate' : 'refuse';
  if (age < 0) return 'refuse'; // from before a restored backup
  return age === 1 && now.getTime() - session.rotatedAt.getTime() <= repeatWithinMs ? 'repeat' : 'reuse';
}

/** The session after its refresh token was exchanged. */
export const rotated = (
  session: Session,
  refreshTokenHash: Buffer,
  { address, user_agent }: Client,
  now: Date,
  lifetimes: Lifetimes,
): Session => ({
  ...session,
  generation: session.generation + 1,
  refreshTokenHash,
  rotatedAt: now,
  address,
  userAgent: user_agent,
  lastUsedAt: now,
  expiresAt: expiryOf(session.createdAt, now, lifetimes),
});

/** A session as its owner sees it; `askedBy` is the one that the question came with. */
export const sessionView = (session: Session, askedBy: string): SessionView => ({
  id: session.id,
  device: session.userAgent === null ? null : deviceOf(session.userAgent),
  address: session.address,
  created_at: session.createdAt.toISOString(),
  last_used_at: session.lastUsedAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  current: session.id === askedBy,
});

const dayMs = 86_400_000;

const expiryOf = (createdAt: Date, usedAt: Date, { REFRESH_TOKEN_DAYS, SESSION_MAX_DAYS }: Lifetimes): Date =>
  new Date(Math.min(usedAt.getTime() + REFRESH_TOKEN_DAYS * dayMs, createdAt.getTime() + SESSION_MAX_DAYS * dayMs));
