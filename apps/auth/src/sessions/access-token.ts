import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { type AccessClaims, tokenAlgorithm, tokenAudience, tokenIssuer, tokenType } from '#contracts';
import type { Signer } from '../signing-keys/signing-key.js';

/** Signs an access token (RFC 9068) that is good from now on for that many seconds. */
export function signAccessToken(claims: AccessClaims, signer: Signer, now: Date, lifetimeSeconds: number): string {
  const iat = Math.floor(now.getTime() / 1000);
  return jwt.sign(
    { iss: tokenIssuer, aud: tokenAudience, ...claims, jti: randomUUID(), iat, exp: iat + lifetimeSeconds },
    signer.privateKey,
    { algorithm: tokenAlgorithm, header: { alg: tokenAlgorithm, typ: tokenType, kid: signer.kid } },
  );
}
