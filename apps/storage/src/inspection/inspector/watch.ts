import { Worker } from 'node:worker_threads';

const everyMs = 20;
const [resting, working] = [0, 1];

/**
 * Runs beside the work, which may keep the process's own thread for as long as it likes. What takes too much memory, or has lost the
 * service that it works for, is killed on the spot: nothing of it is worth saving.
 */
const program = `
const { state, memoryBytes, parent } = require('node:worker_threads').workerData;
for (;;) {
  Atomics.wait(state, 0, ${resting});
  if (process.memoryUsage.rss() > memoryBytes || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  Atomics.wait(state, 0, ${working}, ${everyMs});
}`;

/** Keeps an eye on this process while it works, and sleeps while it does not. */
export class Watch {
  private readonly state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(memoryBytes: number) {
    const workerData = { state: this.state, memoryBytes, parent: process.ppid };
    new Worker(program, { eval: true, workerData, resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.set(working);
    try {
      return await work();
    } finally {
      this.set(resting);
    }
  }

  private set(state: number): void {
    Atomics.store(this.state, 0, state);
    Atomics.notify(this.state, 0);
  }
}
