import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';

/** A package of npm that production processes are installed with, on one platform or another. */
export interface ShippedPackage {
  name: string;
  version: string;
  /** As its package.json states it; empty when it does not. */
  licence: string;
  /** Of the archive that npm fetches, as Subresource Integrity has it. */
  integrity: string;
  /** Whether it is here: packages for other platforms are not. */
  installed: boolean;
}

interface LockedPackage {
  version: string;
  integrity: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
}

/** All of them, from the lock file: also those for platforms that this is not. */
export function shippedPackages(): ShippedPackage[] {
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, LockedPackage> };
  return Object.entries(packages)
    .filter(([place, { dev, devOptional }]) => place !== '' && !dev && !devOptional)
    .map(([place, { version, integrity, license }]) => ({
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? oldLicenceOf(place),
      integrity,
      installed: existsSync(inRoot(place, 'package.json')),
    }));
}

/** Packages from before SPDX state a list, `licenses: [{ type: 'MIT' }]`, of which any may be chosen; older ones have it in their readme. */
function oldLicenceOf(place: string): string {
  const file = path.join(place, 'package.json');
  if (!existsSync(inRoot(file))) return '';
  const { licenses = [] } = JSON.parse(textOf(file)) as { licenses?: { type: string }[] };
  if (licenses.length > 0) return licenses.map(({ type }) => type).join(' OR ');
  const readme = path.join(place, 'Readme.md');
  return existsSync(inRoot(readme)) && textOf(readme).includes('(The MIT License)') ? 'MIT' : '';
}

const inRoot = (...names: string[]): string => path.join(projectRoot(), ...names);
const textOf = (file: string): string => readFileSync(inRoot(file), 'utf8');
