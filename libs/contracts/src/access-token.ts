import { Nothing } from './account.js';
import { event, rpc } from './contract.js';
import { ListOf, OneOf, Pattern } from './fields.js';

/** 256 bits in base64url. */
const coordinate = /^[\w-]{43}$/;

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

export const readKeySet = rpc('auth', 'key-set.read', Nothing, KeySet);

/** A key came or went: whoever keeps a copy of the set reads it again. */
export const keySetChanged = event('key-set.changed', Nothing);

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
