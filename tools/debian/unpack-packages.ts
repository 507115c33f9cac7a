import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Children } from '../local-stack/processes/children.js';
import { neededForPackages, requireSpace } from '../local-stack/state/disk-space.js';
import { requireFolder } from '../local-stack/state/folders.js';
import { Apt, type Failure } from './apt.js';
import { onPath } from './on-path.js';
import type { PackageSet } from './package-set.js';

/** What unpacking needs to know. */
export interface UnpackContext {
  children: Children;
  /** One line for the person at the terminal. */
  log: (line: string) => void;
}

/** Whether this system is one whose packages can be unpacked at all. */
export const hasApt = (): boolean => onPath('apt-get') !== undefined && onPath('dpkg-deb') !== undefined;

/**
 * Debian's or Ubuntu's own packages, downloaded and checked by apt and unpacked into a folder: nothing is installed, no right is needed.
 * Resolves to the reason where that cannot be done. Throws a SetupProblem when the folder cannot be written to or is full.
 */
export async function unpackPackages(context: UnpackContext, set: PackageSet, folder: string): Promise<Failure> {
  if (!hasApt()) return 'this system has no apt-get';
  await requireSpace(folder, neededForPackages, 'set LATHE_CACHE_DIR to a folder with more');
  requireFolder(path.dirname(folder), 'set LATHE_CACHE_DIR to a folder of yours');
  context.log(
    `${set.title} is not installed: unpacking its Debian packages into ${folder} (about ${set.megabytes} MB, nothing is installed)`,
  );
  removeAbandoned(folder);
  const part = `${folder}.part-${randomUUID()}`;
  try {
    const apt = new Apt(context.children, part);
    const failure = (await apt.download(set)) ?? (await apt.unpack());
    if (failure) return failure;
    publish(set, path.join(part, 'root'), folder);
    return set.isIn(folder) ? undefined : 'the packages do not hold what is expected';
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** Of two launchers that unpack at once the second finds a finished folder and uses it. */
function publish(set: PackageSet, unpacked: string, folder: string): void {
  if (set.isIn(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(unpacked, folder);
  } catch (error) {
    if (!set.isIn(folder)) throw error;
  }
}

/** Parts that a killed launcher left, an hour and more ago. */
function removeAbandoned(folder: string): void {
  const parent = path.dirname(folder);
  const old = readdirSync(parent)
    .filter((name) => name.includes('.part-'))
    .map((name) => path.join(parent, name))
    .filter((part) => Date.now() - statSync(part).mtimeMs > 3_600_000);
  for (const part of old) rmSync(part, { recursive: true, force: true });
}
