import { AccountId, Nothing } from './account.js';
import { event, rpc } from './contract.js';
import { Id, ListOf, Pattern, Secret, SomeOf, Text, Time } from './fields.js';
import { Cursor, PageOf } from './page.js';

/** What an API key may be made for; each route names the one it needs. */
export const apiScopes = ['generate', 'files:read', 'files:write', 'account:read'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The body of POST /auth/api-keys. */
export class NewApiKey {
  @Text({ max: 80, visible: true, example: 'render farm' }) name: string;
  @SomeOf(apiScopes) scopes: ApiScope[];
  @Time({ optional: true, description: 'In the future; without it the key is good until it is revoked' })
  expires_at?: string;
}

export class CreateApiKey extends NewApiKey {
  @Id() account_id: string;
}

/** An API key as its owner sees it: enough to recognise it, not enough to use it. */
export class ApiKeyView {
  @Id() id: string;
  @Text({ max: 80 }) name: string;
  @Text({ max: 32, description: 'How the key begins', example: 'lathe_x7Gq2mPa' }) prefix: string;
  @SomeOf(apiScopes) scopes: ApiScope[];
  @Time() created_at: string;
  @Time({ nullable: true }) expires_at: string | null;
  @Time({ nullable: true, description: 'To the minute' }) last_used_at: string | null;
}

export class CreatedApiKey extends ApiKeyView {
  @Secret({ min: 1, max: 128, description: 'Shown this once' }) key: string;
}

export class ListApiKeys extends PageOf {
  @Id() account_id: string;
}

export class ApiKeyPage {
  @ListOf(() => ApiKeyView) items: ApiKeyView[];
  @Cursor({ nullable: true }) next_cursor: string | null;
}

export class ApiKeyOfAccount extends AccountId {
  @Id() key_id: string;
}

/** The SHA-256 of a key: the key itself never crosses the broker. */
export class ApiKeyHash {
  @Pattern({ pattern: /^[0-9a-f]{64}$/ }) sha256: string;
}

/** Whose key it is and what it may do. */
export class ApiKeyGrant extends ApiKeyOfAccount {
  @SomeOf(apiScopes) scopes: ApiScope[];
  @Time({ nullable: true }) expires_at: string | null;
}

export class ApiKeyId {
  @Id() key_id: string;
}

export const createApiKey = rpc('auth', 'api-key.create', CreateApiKey, CreatedApiKey);
export const listApiKeys = rpc('auth', 'api-key.list', ListApiKeys, ApiKeyPage);
export const revokeApiKey = rpc('auth', 'api-key.revoke', ApiKeyOfAccount, Nothing);
/** Refuses with `invalid_token` what is unknown, revoked or expired. Notes the use, to the minute. */
export const verifyApiKey = rpc('auth', 'api-key.verify', ApiKeyHash, ApiKeyGrant);

export const apiKeyRevoked = event('api-key.revoked', ApiKeyId);
