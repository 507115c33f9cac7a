import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { lockHolderRuns } from './stack-lock.js';

export const throwawayPrefix = 'lathe-test-';

/** Removes temporary stacks whose process was killed before it could; those of other users stay. */
export function removeAbandonedStacks(parent: string): void {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(throwawayPrefix))) {
    const folder = path.join(parent, name);
    const { uid, mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { uid: -1, mtimeMs: 0 };
    if (uid !== process.getuid?.() || mtimeMs > anHourAgo || lockHolderRuns(folder)) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}
