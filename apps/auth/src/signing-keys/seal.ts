import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Which layout the sealed bytes have: version, HKDF salt, nonce, authentication tag, ciphertext. */
const version = 1;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + saltBytes + nonceBytes + tagBytes;

/** The secret is not the one these bytes were sealed with, or they were changed, or they belong under another name. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Encrypts and authenticates bytes for storage with AES-256-GCM, under a key that HKDF-SHA-256 (RFC 5869) derives from the secret
 * and a fresh salt. They open only under the name they were sealed under: moved to another row they are worthless.
 */
export function seal(plain: Buffer, secret: string, name: string): Buffer {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(secret, salt), nonce).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), salt, nonce, cipher.getAuthTag(), ciphertext]);
}

/** Throws SealBroken unless the secret, the name and every byte are the same as when it was sealed. */
export function unseal(sealed: Buffer, secret: string, name: string): Buffer {
  if (sealed.length < headBytes || sealed[0] !== version) throw new SealBroken('not a sealed value');
  const salt = sealed.subarray(1, 1 + saltBytes);
  const nonce = sealed.subarray(1 + saltBytes, 1 + saltBytes + nonceBytes);
  const tag = sealed.subarray(headBytes - tagBytes, headBytes);
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(secret, salt), nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(name))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]);
  } catch (error) {
    throw new SealBroken('the seal does not open', { cause: error });
  }
}

const keyFrom = (secret: string, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, 'lathe signing key', 32));
