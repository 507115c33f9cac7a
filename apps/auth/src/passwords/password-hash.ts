import { randomBytes } from 'node:crypto';

/**
 * The argon2id parameters that the OWASP Password Storage Cheat Sheet recommends as a minimum: 19 MiB of memory, two passes, one lane.
 * The memory is in KiB. Raise them here: the hashes that exist are replaced at the next log-in of their owners.
 */
export const hashParameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

const saltBytes = 16;

/** A hash that no known password has and that costs as much to check as a real one (the PHC string format of argon2). */
export function unmatchableHash(): string {
  const { memoryCost, timeCost, parallelism, outputLen } = hashParameters;
  const [salt, output] = [saltBytes, outputLen].map((length) => unpaddedBase64(randomBytes(length)));
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${output}`;
}

const phcString = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/;

/** Whether a stored hash is of another kind, or cost less memory or fewer passes, than one made today. */
export function isOutdated(passwordHash: string): boolean {
  const [, memory, passes] = phcString.exec(passwordHash) ?? [];
  return memory === undefined || +memory < hashParameters.memoryCost || Number(passes) < hashParameters.timeCost;
}

const unpaddedBase64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
