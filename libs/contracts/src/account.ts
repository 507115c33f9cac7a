import { rpc } from './contract.js';
import { Email, Id, ListOf, Nested, OneOf, Pattern, Secret, Text, Time, Whole } from './fields.js';

/** 256 bits in base64url. */
const coordinate = /^[\w-]{43}$/;

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

/** One public key of the access tokens (RFC 7517 §4, RFC 7518 §6.2.1); `kid` is its thumbprint (RFC 7638). */
export class PublicKey {
  @OneOf(['EC']) kty: 'EC';
  @OneOf(['P-256']) crv: 'P-256';
  @Pattern({ pattern: coordinate }) x: string;
  @Pattern({ pattern: coordinate }) y: string;
  @Pattern({ pattern: coordinate }) kid: string;
  @OneOf(['sig']) use: 'sig';
  @OneOf(['ES256']) alg: 'ES256';
}

/** The public keys of the access tokens, newest first. */
export class KeySet {
  @ListOf(() => PublicKey) keys: PublicKey[];
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
/** The `typ` in the header of an access token (RFC 9068 §2.1): no other JWT can pass for one. */
export const tokenType = 'at+jwt';

/** What an access token says besides its issuer, audience and times: the account and the session it belongs to. */
export interface AccessClaims {
  sub: string;
  sid: string;
}
