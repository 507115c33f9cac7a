import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Attempt } from '#contracts';
import { pythonProgram } from '../debian/python.js';
import type { Child } from '../local-stack/processes/child.js';
import { Children } from '../local-stack/processes/children.js';
import { projectRoot } from '../local-stack/state/folders.js';

/** How a worker of one transport is started: arguments for Python, and what is in its environment. */
export interface WorkerCommand {
  args: string[];
  env: Record<string, string>;
}

/** The Python workers of one suite, which all run the model of the tests. */
export class Workers {
  /** For files of the suite; removed at its end. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'lathe-conformance-'));
  private readonly children = new Children(this.folder);
  private readonly gates = path.join(this.folder, 'gates');
  private readonly all: Child[] = [];

  constructor(private readonly command: () => WorkerCommand) {
    mkdirSync(this.gates);
  }

  /** A process of its own group, so that its children can be stopped with it. */
  async start(about: Partial<WorkerCommand> = {}): Promise<Child> {
    const python = await pythonProgram();
    if ('missing' in python) throw new Error(python.missing);
    const { args, env } = { ...this.command(), ...about };
    const modules = path.join(projectRoot(), 'tools/conformance/workers');
    const worker = this.children.start({
      name: `worker-${this.all.length + 1}`,
      file: python.file,
      args: [...python.args, ...args],
      env: {
        ...python.env,
        PYTHONPATH: [python.env.PYTHONPATH, modules].join(path.delimiter),
        CONFORMANCE_GATES: this.gates,
        LATHE_CANCEL_GRACE_SECONDS: '0.5',
        LATHE_KILL_GRACE_SECONDS: '0.5',
        ...env,
      },
      cwd: this.folder,
      stopSignal: 'SIGTERM',
    });
    this.all.push(worker);
    return worker;
  }

  /** Lets the jobs that wait at it go on. */
  open(gate: string): void {
    writeFileSync(path.join(this.gates, gate), '');
  }

  /** How often the model was called for an attempt. */
  timesBegun({ task_id, attempt }: Attempt): number {
    const note = path.join(this.gates, `begun-${task_id}-${attempt}`);
    return existsSync(note) ? readFileSync(note).length : 0;
  }

  /** Ends the workers with all their processes. */
  async stop(): Promise<void> {
    for (const worker of this.all) signalGroup(worker, 'SIGKILL');
    await this.children.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** To a worker and every process it has; does nothing when all of them are gone. */
export function signalGroup(worker: Child, signal: NodeJS.Signals): void {
  try {
    process.kill(-worker.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
