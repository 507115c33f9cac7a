import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessRecord } from './process-identity.js';

interface ChildRecord extends ProcessRecord {
  stopSignal: NodeJS.Signals;
}

/**
 * Ends what an earlier launcher left behind when it was killed, so that two servers never share a folder.
 * Asks first, insists after `graceMs`. Resolves to the names of those that were still there.
 */
export async function endOrphans(dataDir: string, graceMs = 15_000): Promise<string[]> {
  const folder = path.join(dataDir, 'children');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const ended = await Promise.all(
    files.map(async (file) => {
      const record = readRecord(path.join(folder, file));
      const found = record !== undefined && isRunning(record);
      if (found) await endProcess(record, record.stopSignal, graceMs);
      rmSync(path.join(folder, file), { force: true });
      return found ? [path.basename(file, '.json')] : [];
    }),
  );
  return ended.flat();
}

/** Ends a process that is not our child: asks, waits, insists. */
export async function endProcess(record: ProcessRecord, signal: NodeJS.Signals, graceMs = 15_000): Promise<void> {
  const insistAt = Date.now() + graceMs;
  send(record.pid, signal);
  while (isRunning(record)) {
    if (Date.now() > insistAt) send(record.pid, 'SIGKILL');
    await delay(50);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in this very moment.
  }
}

function readRecord(file: string): ChildRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ChildRecord;
  } catch {
    return undefined;
  }
}
