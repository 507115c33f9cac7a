import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, processIdentity, type ProcessRecord } from '../processes/process-identity.js';
import { SetupProblem } from '../setup-problem.js';

export interface Lock {
  release(): void;
}

/** What a launcher does about the lock it finds. A number of a process says little: it may have been given to another since. */
export function decide(
  holder: ProcessRecord | undefined,
  running: (record: ProcessRecord) => boolean,
): 'take' | 'refuse' {
  return holder && running(holder) ? 'refuse' : 'take';
}

/** One launcher per data folder. Throws a SetupProblem when another one runs; a lock whose owner is gone is taken over. */
export function lockStack(dataDir: string): Lock {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'stack.lock');
  const own = path.join(dataDir, `stack.lock.${process.pid}`);
  const me: ProcessRecord = { pid: process.pid, identity: processIdentity(process.pid) ?? 'unknown' };
  writeFileSync(own, JSON.stringify(me));
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (linked(own, file)) return { release: () => releaseLock(file, me) };
      const holder = readHolder(file);
      if (decide(holder, isRunning) === 'refuse') throw alreadyRunning(dataDir, holder?.pid);
      removeStale(file, holder);
    }
    throw alreadyRunning(dataDir, readHolder(file)?.pid);
  } finally {
    rmSync(own, { force: true });
  }
}

/** link(2) is atomic: of several launchers exactly one succeeds, and nobody ever reads a half-written lock. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock aside, and back again if another launcher replaced it in between. */
function removeStale(file: string, stale: ProcessRecord | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another launcher was faster
  }
  const moved = readHolder(aside);
  if (moved?.pid !== stale?.pid || moved?.identity !== stale?.identity) linked(aside, file);
  rmSync(aside, { force: true });
}

function releaseLock(file: string, me: ProcessRecord): void {
  if (readHolder(file)?.identity === me.identity) rmSync(file, { force: true });
}

function readHolder(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

const alreadyRunning = (dataDir: string, pid: number | undefined): SetupProblem =>
  new SetupProblem(
    `A stack is already running on ${dataDir} (process ${pid ?? 'unknown'}).\n` +
      'Stop it first (Ctrl-C in its terminal), or start a second one beside it with another data folder and port:\n' +
      '  DATA_DIR=.data-2 PORT=3001 npm start',
  );

/** Whether the launcher that locked a data folder still runs. */
export function lockHolderRuns(dataDir: string): boolean {
  const holder = readHolder(path.join(dataDir, 'stack.lock'));
  return holder !== undefined && isRunning(holder);
}
