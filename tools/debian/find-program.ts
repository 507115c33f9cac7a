import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Children } from '../local-stack/processes/children.js';
import { SetupProblem } from '../local-stack/setup-problem.js';
import { cacheFolder } from '../local-stack/state/folders.js';
import { type PackageSet, unpackFolder } from './package-set.js';
import { unpackPackages } from './unpack-packages.js';

/** How a program is run; arguments of one's own are added to `args`. */
export interface Program {
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** It cannot be had on this machine, and why. */
export interface Unavailable {
  missing: string;
}

/** The folder that holds a set, unpacked now unless it is there. */
export async function folderOf(
  set: PackageSet,
  log: (line: string) => void = () => undefined,
): Promise<{ root: string } | Unavailable> {
  const root = unpackFolder(cacheFolder(), set);
  if (set.isIn(root)) return { root };
  const work = mkdtempSync(path.join(tmpdir(), 'lathe-debian-'));
  const children = new Children(work);
  try {
    const failure = await unpackPackages({ children, log }, set, root);
    return failure ? { missing: `${set.title} could not be fetched: ${failure}` } : { root };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    return { missing: error.message };
  } finally {
    await children.close();
    rmSync(work, { recursive: true, force: true });
  }
}
