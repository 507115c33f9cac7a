import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Job } from '#worker-contract';
import type { EngineAdapter, EngineRun } from '../../src/engines/engine-adapter.js';
import { EngineFailure } from '../../src/generations/attempt-failure.js';

/** One job on its way through an adapter, of which everything is written down. */
export class RecordedRun implements EngineRun {
  readonly job: Job;
  readonly stages: string[] = [];
  readonly fractions: number[] = [];
  /** What was remembered last. */
  remote: unknown;
  private readonly controller = new AbortController();

  constructor({ params = {}, views = [], remote = null, pictures }: RunOptions = {}) {
    this.remote = remote;
    this.job = { ...aJob(views, pictures), params };
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  read(input: Job['inputs'][number]): Promise<Uint8Array> {
    return Promise.resolve(bytesOf(input.name));
  }

  remember(remote: unknown): Promise<void> {
    this.remote = structuredClone(remote);
    return Promise.resolve();
  }

  report(stage: string, fraction?: number): Promise<void> {
    if (this.stages.at(-1) !== stage) this.stages.push(stage);
    if (fraction !== undefined) this.fractions.push(fraction);
    return Promise.resolve();
  }

  abort(): void {
    this.controller.abort(new Error('canceled'));
  }

  /** What another process would go on with. */
  resumed(): RecordedRun {
    const run = new RecordedRun({ remote: this.remote });
    return Object.assign(run, { job: this.job });
  }

  /** The model that an adapter makes of it. */
  async through(adapter: EngineAdapter): Promise<Buffer> {
    return buffer((await adapter.run(this)).glb as never);
  }

  /** How an adapter gives it up. */
  async failureThrough(adapter: EngineAdapter): Promise<EngineFailure> {
    const error: unknown = await this.through(adapter).then(
      () => new Error('it did not fail'),
      (failure: unknown) => failure,
    );
    if (!(error instanceof EngineFailure)) throw error;
    return error;
  }
}

interface RunOptions {
  params?: Record<string, unknown>;
  views?: readonly string[];
  remote?: unknown;
  /** The media type of its pictures, PNG unless told. */
  pictures?: string;
}

const bytesOf = (name: string): Buffer => Buffer.from(`the picture ${name}`);

function aJob(views: readonly string[], content_type = 'image/png'): Job {
  return {
    v: 1,
    task_id: randomUUID(),
    attempt: 1,
    lease_token: 'lease-token-of-this-attempt-only',
    operation: (['text_to_3d', 'image_to_3d'] as const)[views.length] ?? 'multiview_to_3d',
    params: {},
    inputs: views.map((view) => {
      const name = `${view}.${content_type.replace('image/', '')}`;
      const bytes = bytesOf(name);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { name, url: `http://files.test/${view}`, content_type, bytes: bytes.length, sha256 };
    }),
    outputs: [{ name: 'raw.glb', format: 'glb', url: 'http://files.test/raw', max_bytes: 1_000_000 }],
    deadline_at: new Date(Date.now() + 600_000).toISOString(),
    budget_ms: 600_000,
    heartbeat_ms: 10_000,
  };
}
