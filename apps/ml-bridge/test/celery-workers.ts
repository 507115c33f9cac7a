import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pythonProgram } from '../../../tools/debian/python.js';
import type { Child } from '../../../tools/local-stack/processes/child.js';
import { Children } from '../../../tools/local-stack/processes/children.js';
import { projectRoot } from '../../../tools/local-stack/state/folders.js';

export const queue = 'plain';

/** Behind a Redis that was restarted, a worker of Celery 5.2 that looks for its neighbours reads nothing any more (docs/workers.md). */
const options = '--without-mingle --without-gossip';

/** Real workers of Celery that know nothing of us (celery_plain.py), on one broker. */
export class CeleryWorkers {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'lathe-celery-'));
  private readonly children = new Children(this.folder);
  private kept: Child | null = null;
  private started = 0;

  constructor(private readonly brokerUrl: string) {}

  /** With two processes for tasks. Started again whenever it ends, as by systemd. */
  async keep(): Promise<void> {
    const worker = await this.start();
    this.kept = worker;
    void worker.ended.then(() => (this.kept === worker ? this.keep() : undefined));
  }

  /** How often one has been started. */
  get starts(): number {
    return this.started;
  }

  /** Ends at once what runs, and starts nothing in its place. */
  async end(): Promise<void> {
    const worker = this.kept;
    this.kept = null;
    if (!worker || worker.ending !== undefined) return;
    process.kill(-worker.pid, 'SIGKILL');
    await worker.ended;
  }

  /** Lets the jobs that wait at it go on. */
  open(gate: string): void {
    writeFileSync(path.join(this.folder, gate), '');
  }

  async stop(): Promise<void> {
    await this.end();
    await this.children.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async start(): Promise<Child> {
    const python = await pythonProgram();
    if ('missing' in python) throw new Error(python.missing);
    return this.children.start({
      name: `plain-${++this.started}`,
      file: python.file,
      args: [...python.args, ...`-m celery -A celery_plain worker -c 2 -n plain@%h ${options}`.split(' ')],
      env: {
        ...python.env,
        PYTHONPATH: path.join(projectRoot(), 'apps/ml-bridge/test'),
        BROKER_URL: this.brokerUrl,
        QUEUE: queue,
        GATES: this.folder,
      },
      cwd: this.folder,
      stopSignal: 'SIGTERM',
    });
  }
}
