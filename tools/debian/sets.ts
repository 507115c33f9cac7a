import type { PackageSet } from './package-set.js';
import { pythonSet } from './python.js';
import { redisSet } from './redis.js';

const sets = { python: pythonSet, redis: redisSet };

export type SetName = keyof typeof sets;

/** Throws for a name that there is no set of. */
export function setNamed(name: string): PackageSet {
  if (!Object.hasOwn(sets, name))
    throw new Error(`There are no packages for ${name}, only for ${Object.keys(sets).join(', ')}.`);
  return sets[name as SetName];
}
