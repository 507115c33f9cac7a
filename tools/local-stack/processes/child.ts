import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { hasSetpriv, wrapped, type RunAs } from './command.js';
import { processIdentity } from './process-identity.js';

export interface ChildSpec {
  /** Names the log, the record on disk and the messages. */
  name: string;
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** What asks it to end: by us, and by the kernel when this process dies. */
  stopSignal: NodeJS.Signals;
  runAs?: RunAs | undefined;
}

/** How a child ended, in words: `exit code 1`, `SIGKILL`. */
export type Ending = string;

const largeLog = 20 * 1024 * 1024;

/** A process of ours: its output goes to `log/<name>.log`, its identity to `children/<name>.json` while it runs. */
export class Child {
  /** How it ended; undefined while it runs. */
  ending: Ending | undefined;
  readonly ended: Promise<Ending>;
  private readonly process: ChildProcess;
  private readonly logStart: number;

  constructor(
    readonly spec: ChildSpec,
    private readonly dataDir: string,
  ) {
    const log = openLog(this.logFile);
    this.logStart = statSync(this.logFile).size;
    const { file, args } = wrapped(spec, spec.stopSignal, hasSetpriv(), spec.runAs);
    const ids = spec.runAs?.kind === 'user' && !hasSetpriv() ? { uid: spec.runAs.uid, gid: spec.runAs.gid } : {};
    // A group of its own: Ctrl-C on the terminal then reaches the launcher only, which stops its children in order.
    const options = { cwd: spec.cwd, env: spec.env, detached: true, ...ids };
    this.process = spawn(file, args, { ...options, stdio: ['ignore', log, log] });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        this.ending ??= ending;
        rmSync(this.recordFile, { force: true });
        resolve(this.ending);
      };
      this.process.once('error', (error) => end(`could not be started: ${error.message}`));
      this.process.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    this.record();
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get logFile(): string {
    return path.join(this.dataDir, 'log', `${this.spec.name}.log`);
  }

  private get recordFile(): string {
    return path.join(this.dataDir, 'children', `${this.spec.name}.json`);
  }

  /** Sends a signal; does nothing when it has ended. */
  kill(signal: NodeJS.Signals = this.spec.stopSignal): void {
    if (this.ending === undefined) this.process.kill(signal);
  }

  /** Asks it to end, insists after `graceMs`, and resolves when it is gone. */
  async stop(graceMs: number, signal: NodeJS.Signals = this.spec.stopSignal): Promise<void> {
    this.kill(signal);
    const insist = setTimeout(() => this.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(insist);
  }

  /** The last lines it wrote since it was started, for a message about its death. */
  tail(lines = 20): string {
    if (!existsSync(this.logFile)) return '';
    const written = readFileSync(this.logFile).subarray(this.logStart).toString('utf8').trimEnd();
    return written.split('\n').slice(-lines).join('\n');
  }

  private record(): void {
    const identity = processIdentity(this.pid);
    if (!identity) return;
    mkdirSync(path.dirname(this.recordFile), { recursive: true });
    writeFileSync(this.recordFile, JSON.stringify({ pid: this.pid, identity, stopSignal: this.spec.stopSignal }));
  }
}

/** The log for appending; one that has grown large makes way first. */
function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largeLog) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}
