import { existsSync } from 'node:fs';
import path from 'node:path';
import { folderOf, type Program, type Unavailable } from './find-program.js';
import { libraryPath } from './libraries.js';
import { onPath } from './on-path.js';
import { openssl, type PackageSet } from './package-set.js';

const serverFile = 'usr/bin/redis-server';

/** The Redis server; `redis-server` is a link into `redis-tools`. */
export const redisSet: PackageSet = {
  name: 'redis',
  title: 'Redis',
  megabytes: 4,
  packages: ['redis-server', 'redis-tools', 'libatomic1', 'libjemalloc2', 'liblzf1'],
  oneOf: [openssl, [['libsystemd0']]],
  installed: () => onPath('redis-server'),
  isIn: (root) => existsSync(path.join(root, serverFile)),
};

/** A Redis server that is installed, or Debian's from the cache. */
export async function redisProgram(log?: (line: string) => void): Promise<Program | Unavailable> {
  const installed = redisSet.installed?.();
  if (installed) return { file: installed, args: [], env: { PATH: process.env.PATH } };
  const found = await folderOf(redisSet, log);
  if ('missing' in found) return found;
  return {
    file: path.join(found.root, serverFile),
    args: [],
    env: { PATH: process.env.PATH, ...libraryPath(found.root) },
  };
}
