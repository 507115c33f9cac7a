import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Packages of Debian and Ubuntu that are unpacked into one folder and run from there. */
export interface PackageSet {
  /** Names the folder in the cache. */
  name: string;
  /** For the person at the terminal. */
  title: string;
  /** What is downloaded, about. */
  megabytes: number;
  /** With all that they depend on and a minimal system lacks: no dependency is looked up. */
  packages: string[];
  /** Of each of these the first alternative whose packages the archive knows: names change between releases. None is needed. */
  oneOf: string[][][];
  /** The machine's own program that does as well; a set without this is always unpacked. */
  installed?(): string | undefined;
  /** Whether a folder holds what the packages are unpacked for. */
  isIn(root: string): boolean;
}

/** OpenSSL, which a minimal system lacks; its package was renamed in Debian 13 and Ubuntu 24.04. */
export const openssl = [['libssl3t64'], ['libssl3']];

/** Where a set is unpacked, once for all checkouts; one folder for each release, since an upgrade replaces libraries. */
export function unpackFolder(cache: string, set: Pick<PackageSet, 'name'>): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string): string => new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(release)?.[1] ?? 'any';
  return path.join(cache, set.name, `${field('ID')}-${field('VERSION_ID')}-${process.arch}`);
}
