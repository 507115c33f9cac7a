import { rpc } from './contract.js';
import { AnyList, Email, Id, Nested, OneOf, Secret, Text, Time, Whole } from './fields.js';

/** The body of POST /auth/register. */
export class RegisterAccount {
  @Email({ example: 'ada@example.org' }) email: string;
  @Secret({ min: 8, max: 128, description: '8 to 128 characters, no composition rules' }) password: string;
  @Text({ max: 80, optional: true, example: 'Ada' }) display_name?: string;
}

/** The body of POST /auth/login. */
export class LogIn {
  @Email() email: string;
  @Secret({ min: 1, max: 128 }) password: string;
}

/** The body of POST /auth/refresh and POST /auth/logout. */
export class RefreshToken {
  @Secret({ min: 1, max: 512 }) refresh_token: string;
}

export class AccountId {
  @Id() account_id: string;
}

/** An account as its owner sees it. */
export class AccountView {
  @Id() id: string;
  @Email() email: string;
  @Text({ min: 0, max: 80, nullable: true }) display_name: string | null;
  @Time() created_at: string;
}

/** A pair of tokens (RFC 6749 §5.1): a short-lived JWT and an opaque, single-use refresh token. */
export class TokenPair {
  @Secret({ min: 1, max: 4096 }) access_token: string;
  @Secret({ min: 1, max: 512 }) refresh_token: string;
  @OneOf(['Bearer']) token_type: 'Bearer';
  @Whole({ min: 1, description: 'Seconds until the access token expires' }) expires_in: number;
}

export class RegisteredAccount extends TokenPair {
  @Nested(() => AccountView) user: AccountView;
}

/** Where there is nothing to ask or to answer. */
export class Nothing {
  declare readonly nothing?: never;
}

/** The public keys of the access tokens (RFC 7517). */
export class KeySet {
  @AnyList() keys: Record<string, unknown>[];
}

export const registerAccount = rpc('auth', 'account.register', RegisterAccount, RegisteredAccount);
export const findAccount = rpc('auth', 'account.find', AccountId, AccountView);
export const openSession = rpc('auth', 'session.open', LogIn, TokenPair);
export const refreshSession = rpc('auth', 'session.refresh', RefreshToken, TokenPair);
export const closeSession = rpc('auth', 'session.close', RefreshToken, Nothing);
export const readKeySet = rpc('auth', 'key-set.read', Nothing, KeySet);

/** Who issues the access tokens and for whom (RFC 9068): checked by every verifier. */
export const tokenIssuer = 'lathe';
export const tokenAudience = 'lathe-api';
export const tokenAlgorithm = 'ES256';

/** The claims of an access token (RFC 9068 §2.2) as we use them. */
export interface AccessClaims {
  sub: string;
  sid: string;
}
