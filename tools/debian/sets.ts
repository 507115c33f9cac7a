import { cacheFolder } from '../local-stack/state/folders.js';
import { haproxySet } from './haproxy.js';
import { type PackageSet, unpackFolder } from './package-set.js';
import { prometheusSet } from './prometheus.js';
import { pythonSet } from './python.js';
import { redisSet } from './redis.js';

const sets = { haproxy: haproxySet, prometheus: prometheusSet, python: pythonSet, redis: redisSet };

export type SetName = keyof typeof sets;

const names = Object.keys(sets).join(', ');

/** Throws for a name that there is no set of. */
export function setNamed(name: string): PackageSet {
  if (!Object.hasOwn(sets, name)) throw new Error(`There are no packages for ${name}, only for ${names}.`);
  return sets[name as SetName];
}

/** Whether what a set is for can be run without fetching anything. */
export function isHere(name: SetName): boolean {
  const set = sets[name];
  return set.installed?.() !== undefined || set.isIn(unpackFolder(cacheFolder(), set));
}
