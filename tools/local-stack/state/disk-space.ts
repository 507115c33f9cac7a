import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { SetupProblem } from '../setup-problem.js';

const mebibyte = 1024 * 1024;
/** PostgreSQL takes 40 MiB when new, RabbitMQ stops taking messages below 200 MiB, models need room. */
export const neededForData = 500 * mebibyte;
/** Debian's packages of RabbitMQ and Erlang, downloaded and unpacked. */
export const neededForPackages = 200 * mebibyte;

/** What is wrong with the space at a folder, or undefined. */
export function spaceProblem(
  folder: string,
  freeBytes: number,
  neededBytes: number,
  remedy: string,
): string | undefined {
  if (freeBytes >= neededBytes) return undefined;
  const [free, needed] = [freeBytes, neededBytes].map((bytes) => Math.floor(bytes / mebibyte));
  return `Not enough disk space at ${folder}: ${free} MiB are free, ${needed} MiB are needed. Free some space, or ${remedy}.`;
}

/** Throws a SetupProblem when the file system of a folder, existing or not yet, has too little space left. */
export async function requireSpace(folder: string, neededBytes: number, remedy: string): Promise<void> {
  let existing = path.resolve(folder);
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  const problem = spaceProblem(folder, bavail * bsize, neededBytes, remedy);
  if (problem) throw new SetupProblem(problem);
}
