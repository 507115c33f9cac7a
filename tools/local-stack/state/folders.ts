import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { SetupProblem } from '../setup-problem.js';

/** The checkout this runs from: the nearest folder upwards of the working directory with Lathe's package.json. */
export function projectRoot(from = process.cwd()): string {
  const file = path.join(from, 'package.json');
  if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'lathe') return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error('Run this inside a checkout of Lathe.');
  return projectRoot(parent);
}

/** Where the data of `npm start` is kept: DATA_DIR, relative to the checkout, or `.data`. */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  path.resolve(projectRoot(), env.DATA_DIR || '.data');

/** What is fetched once for all checkouts: LATHE_CACHE_DIR, else `~/.cache/lathe`, else (no writable home) beside node_modules' own. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.LATHE_CACHE_DIR) return path.resolve(env.LATHE_CACHE_DIR);
  const home = path.join(env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), '.cache'), 'lathe');
  return isWritable(home) ? home : path.join(projectRoot(), 'node_modules', '.cache', 'lathe');
}

function isWritable(folder: string): boolean {
  try {
    requireFolder(folder, '');
    return true;
  } catch {
    return false;
  }
}

/** Makes a folder that has to be written to. Throws a SetupProblem that names the way out when that is not allowed. */
export function requireFolder(folder: string, remedy: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SetupProblem(`${folder} cannot be written to (${code}). Run this as a user who may, or ${remedy}.`);
  }
}
