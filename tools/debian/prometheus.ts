import { existsSync } from 'node:fs';
import path from 'node:path';
import { folderOf, type Program, type Unavailable } from './find-program.js';
import { onPath } from './on-path.js';
import type { PackageSet } from './package-set.js';

/** Prometheus with promtool, which checks its files; both need nothing but the C library. */
export const prometheusSet: PackageSet = {
  name: 'prometheus',
  title: 'Prometheus',
  megabytes: 19,
  packages: ['prometheus'],
  oneOf: [],
  installed: () => onPath('promtool'),
  isIn: (root) => existsSync(path.join(root, 'usr/bin/promtool')),
};

/** A promtool that is installed, or Debian's from the cache. */
export async function promtoolProgram(log?: (line: string) => void): Promise<Program | Unavailable> {
  const env = { PATH: process.env.PATH };
  const installed = prometheusSet.installed?.();
  if (installed) return { file: installed, args: [], env };
  const found = await folderOf(prometheusSet, log);
  return 'missing' in found ? found : { file: path.join(found.root, 'usr/bin/promtool'), args: [], env };
}
