import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';

/** The text of a file of the checkout. */
export const textOf = (file: string): string => readFileSync(path.join(projectRoot(), file), 'utf8');

/** TypeScript files below a folder of the checkout, tests left out, relative to the checkout and in a fixed order. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(path.join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((file) => file.endsWith('.ts') && !/\.(spec|d)\.ts$|\/test\//.test(file))
    .toSorted();
}
