import { createHash, timingSafeEqual } from 'node:crypto';

/** What a worker shows to get the jobs of a pool. Only its hash is kept. */
export interface WorkerToken {
  pool: string;
  sha256: Buffer;
}

/** A pool and 32 or more of the characters that a bearer token may have (RFC 6750 §2.1). */
const pair = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,99}):([A-Za-z0-9._~+/-]{32,512}=*)$/;

const pairsOf = (setting: string): string[] =>
  setting
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Whether a setting is pairs `pool:token`, separated by commas or new lines, of which no token stands for two pools. */
export function areWorkerTokens(setting: string): boolean {
  const pairs = pairsOf(setting);
  const tokens = new Set(pairs.map((entry) => entry.slice(entry.indexOf(':') + 1)));
  return pairs.every((entry) => pair.test(entry)) && tokens.size === pairs.length;
}

export const workerTokensOf = (setting: string): WorkerToken[] =>
  pairsOf(setting).flatMap((entry) => {
    const [, pool, token] = pair.exec(entry) ?? [];
    return pool && token ? [{ pool, sha256: sha256Of(token) }] : [];
  });

/** The token in an Authorization header (RFC 6750 §2.1), or null when it is none of these. Takes as long for a wrong one as for a right one. */
export function bearerOf(tokens: readonly WorkerToken[], header: string | undefined): WorkerToken | null {
  const shown = sha256Of(/^bearer ([\w.~+/=-]{1,512})$/i.exec(header ?? '')?.[1] ?? '');
  return tokens.filter(({ sha256 }) => timingSafeEqual(sha256, shown)).at(0) ?? null;
}

const sha256Of = (token: string): Buffer => createHash('sha256').update(token).digest();
