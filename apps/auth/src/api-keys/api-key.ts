import { createHash } from 'node:crypto';
import { type ApiKeyGrant, type ApiKeyView, type ApiScope, type CreateApiKey, Problem } from '#contracts';

/** What is kept of an API key: everything but the key. */
export interface ApiKey {
  id: string;
  accountId: string;
  name: string;
  prefix: string;
  keyHash: Buffer;
  scopes: ApiScope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** `lathe_` and 8 of the 40 random characters: enough to recognise a key, and 190 bits short of using it. */
const prefixLength = 14;

/** The last moment that four digits of a year can say (RFC 3339). */
const endOfTime = Date.UTC(9999, 11, 31);

/** What is stored of a key. A fast hash is enough for 238 random bits. */
export const apiKeyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The row of a new key. Throws `invalid_parameters` when it would be good for no time at all. */
export const newApiKeyRow = (id: string, key: string, about: CreateApiKey, now: Date): ApiKey => ({
  id,
  accountId: about.account_id,
  name: about.name,
  prefix: key.slice(0, prefixLength),
  keyHash: apiKeyHash(key),
  scopes: about.scopes,
  createdAt: now,
  expiresAt: about.expires_at === undefined ? null : futureMoment(about.expires_at, now),
  lastUsedAt: null,
});

/** An API key as its owner sees it. */
export const apiKeyView = (key: ApiKey): ApiKeyView => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
});

/** What whoever shows the key may do. */
export const apiKeyGrant = ({ id, accountId, scopes, expiresAt }: ApiKey): ApiKeyGrant => ({
  account_id: accountId,
  key_id: id,
  scopes,
  expires_at: expiresAt?.toISOString() ?? null,
});

/** ISO 8601 has dates that JavaScript does not read: weeks, for one. They are refused like moments that have passed. */
function futureMoment(text: string, now: Date): Date {
  const moment = new Date(text);
  if (moment > now && moment.getTime() <= endOfTime) return moment;
  throw new Problem('invalid_parameters', undefined, {
    errors: [{ pointer: '/expires_at', message: 'expires_at must be a moment in the future' }],
  });
}
