import type { ApiScope } from '#contracts';

/** A person at a device, as an access token says: may do everything with the account. */
export interface SessionCaller {
  kind: 'session';
  accountId: string;
  sessionId: string;
  /** When the access token is not taken any more, in milliseconds since 1970. */
  expiresAt: number;
}

/** A program with an API key: may do what the key's scopes say. */
export interface ApiKeyCaller {
  kind: 'api_key';
  accountId: string;
  keyId: string;
  scopes: readonly ApiScope[];
}

/** Who is calling. */
export type Caller = SessionCaller | ApiKeyCaller;
