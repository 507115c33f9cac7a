import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

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
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
