import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { type JwtHeader, sign } from 'jsonwebtoken';
import { type PublicKey, tokenAlgorithm, tokenAudience, tokenIssuer, tokenType } from '#contracts';

/** A key that signs access tokens, as the auth service has them. */
export interface SigningKey {
  privateKey: KeyObject;
  published: PublicKey;
}

export function aSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' }) as Required<JsonWebKey>;
  const kid = createHash('sha256').update(`${x}${y}`).digest('base64url');
  return { privateKey, published: { kty: 'EC', crv: 'P-256', x, y, kid, use: 'sig', alg: 'ES256' } };
}

interface TokenAbout {
  key: SigningKey;
  accountId?: string;
  header?: Partial<JwtHeader>;
  claims?: object;
}

export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** The claims of a valid access token. */
export const someClaims = (accountId: string) => ({
  sub: accountId,
  sid: randomUUID(),
  iss: tokenIssuer,
  aud: tokenAudience,
  exp: secondsFromNow(60),
});

/** A valid access token; say only what is different about it. What is undefined is left out. */
export const aToken = ({ key, accountId = randomUUID(), header, claims }: TokenAbout): string =>
  sign(JSON.parse(JSON.stringify({ ...someClaims(accountId), ...claims })) as object, key.privateKey, {
    algorithm: tokenAlgorithm,
    header: { alg: tokenAlgorithm, typ: tokenType, kid: key.published.kid, ...header },
  });

/** A token put together by hand: `signature` is whatever it says. */
export function aForgedToken(header: object, claims: object, signature: (signed: string) => string): string {
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${encoded}.${signature(encoded)}`;
}
