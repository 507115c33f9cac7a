import { existsSync } from 'node:fs';
import path from 'node:path';
import { folderOf, type Program, type Unavailable } from './find-program.js';
import { libraryPath } from './libraries.js';
import { onPath } from './on-path.js';
import { openssl, type PackageSet } from './package-set.js';

const programFile = 'usr/sbin/haproxy';

export const haproxySet: PackageSet = {
  name: 'haproxy',
  title: 'HAProxy',
  megabytes: 3,
  packages: ['haproxy', 'libpcre2-8-0'],
  oneOf: [
    openssl,
    [['liblua5.3-0']], // one release is linked with this, the next with the other
    [['liblua5.4-0']],
    [['libopentracing-c-wrapper0', 'libopentracing1']],
    [['libsystemd0']],
  ],
  installed: () => onPath('haproxy'),
  isIn: (root) => existsSync(path.join(root, programFile)),
};

/** A HAProxy that is installed, or Debian's from the cache. */
export async function haproxyProgram(log?: (line: string) => void): Promise<Program | Unavailable> {
  const installed = haproxySet.installed?.();
  if (installed) return { file: installed, args: [], env: { PATH: process.env.PATH } };
  const found = await folderOf(haproxySet, log);
  if ('missing' in found) return found;
  return {
    file: path.join(found.root, programFile),
    args: [],
    env: { PATH: process.env.PATH, ...libraryPath(found.root) },
  };
}
