import { cacheFolder } from '../local-stack/state/folders.js';
import { type PackageSet, unpackFolder } from './package-set.js';
import { pythonSet } from './python.js';
import { redisSet } from './redis.js';

const sets = { python: pythonSet, redis: redisSet };

export type SetName = keyof typeof sets;

/** Throws for a name that there is no set of. */
export function setNamed(name: string): PackageSet {
  if (!Object.hasOwn(sets, name)) throw new Error(`There are no packages for ${name}, only for python and redis.`);
  return sets[name as SetName];
}

/** Whether what a set is for can be run without fetching anything. */
export function isHere(name: SetName): boolean {
  const set = sets[name];
  return set.installed?.() !== undefined || set.isIn(unpackFolder(cacheFolder(), set));
}
