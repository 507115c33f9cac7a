import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nothing to guess, nothing to read. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a refresh token. A fast hash is enough for a secret of this length. */
export const refreshTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
