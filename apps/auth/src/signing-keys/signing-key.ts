import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { PublicKey } from '#contracts';

/** A key pair as it is stored. */
export interface SigningKey {
  kid: string;
  publicKey: PublicKey;
  /** PKCS #8, encrypted (seal.ts). */
  sealedPrivateKey: Buffer;
  createdAt: Date;
  /** It is published at once and signs from here on. */
  signsFrom: Date;
}

/** What it takes to sign. */
export interface Signer {
  kid: string;
  privateKey: KeyObject;
}

/** A new P-256 pair for ES256 (RFC 7518 §3.4), named by its thumbprint. */
export function newKeyPair(): Signer & { publicKey: PublicKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
  const kid = thumbprint({ x, y });
  return { kid, privateKey, publicKey: { kty: 'EC', crv: 'P-256', x, y, kid, use: 'sig', alg: 'ES256' } };
}

/** The thumbprint of a P-256 key: SHA-256 over its required members in lexicographic order (RFC 7638 §3). */
export function thumbprint({ x, y }: { x: string; y: string }): string {
  const canonical = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  return createHash('sha256').update(canonical).digest('base64url');
}
