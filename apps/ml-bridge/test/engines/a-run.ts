import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { eventually } from '#testing';
import type { Job } from '#worker-contract';
import type { EngineAdapter, EngineRun } from '../../src/engines/engine-adapter.js';
import type { Patience } from '../../src/engines/poll.js';
import {
  type AttemptErrorCode,
  type AttemptFailure,
  EngineFailure,
  failureOf as failureIn,
} from '../../src/generations/attempt-failure.js';

/** As patient as a test. */
export const hasty: Patience = { everyMs: 5, silenceMs: 400 };

/** For a server that is away for a moment. */
export const patient: Patience = { ...hasty, silenceMs: 10_000 };

/** No picture, but bytes that say which view they are of. */
export const pictureOf = (view: string): Buffer => Buffer.from(`picture of the ${view}`);

interface RunAsked {
  params?: Record<string, unknown>;
  views?: string[];
  remote?: unknown;
}

/** A run as the host would make it, that remembers what the adapter says. */
export class ARun implements EngineRun {
  readonly job: Job;
  remote: unknown;
  readonly reports: { stage: string; fraction?: number }[] = [];
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  constructor({ params = {}, views = ['front'], remote = null }: RunAsked = {}) {
    this.job = aJob(params, views);
    this.remote = remote;
  }

  async read(input: Job['inputs'][number]): Promise<Uint8Array> {
    return pictureOf(input.name.replace('.png', ''));
  }

  async remember(remote: unknown): Promise<void> {
    this.remote = JSON.parse(JSON.stringify(remote)) as unknown;
  }

  async report(stage: string, fraction?: number): Promise<void> {
    this.reports.push({ stage, ...(fraction === undefined ? {} : { fraction }) });
  }

  cancel(): void {
    this.controller.abort(new Error('canceled'));
  }

  /** Resolves when this stage was told. */
  untilStage(stage: string): Promise<void> {
    return eventually(() => {
      if (!this.stages.includes(stage)) throw new Error(`no word of ${stage} yet`);
    });
  }

  /** The stages that were told, each once. */
  get stages(): string[] {
    return [...new Set(this.reports.map(({ stage }) => stage))];
  }
}

/** A run of pictures, or of a prompt where there are none. */
export const aRunOf = (views: string[], params: Record<string, unknown>): ARun =>
  new ARun({ views, params: views.length === 0 ? { prompt: 'a fox', ...params } : params });

/** A run of a prompt. */
export const aText = (params: Record<string, unknown> = {}): ARun => aRunOf([], params);

function aJob(params: Record<string, unknown>, views: string[]): Job {
  const inputs = views.map((view) => ({
    name: `${view}.png`,
    url: `http://store.invalid/${view}.png?signature=x`,
    content_type: 'image/png',
    bytes: pictureOf(view).length,
    sha256: createHash('sha256').update(pictureOf(view)).digest('hex'),
  }));
  const kinds = ['text_to_3d', 'image_to_3d'] as const;
  return {
    v: 1,
    task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab',
    attempt: 1,
    lease_token: 'x'.repeat(32),
    operation: kinds[inputs.length] ?? 'multiview_to_3d',
    params,
    inputs,
    outputs: [{ name: 'raw.glb', format: 'glb', url: 'http://store.invalid/raw.glb', max_bytes: 1e9 }],
    deadline_at: '2026-11-23T00:00:00Z',
    budget_ms: 600_000,
    heartbeat_ms: 5000,
  };
}

/** The model that comes of it. */
export const modelOf = async (adapter: EngineAdapter, run: EngineRun): Promise<Buffer> =>
  buffer((await adapter.run(run)).glb);

/** Gives a run up when this stage was told. Rejects when it ends in another way. */
export async function givenUp(adapter: EngineAdapter, run: ARun, stage: string): Promise<void> {
  const work = adapter.run(run);
  await run.untilStage(stage);
  run.cancel();
  await expect(work).rejects.toThrow('canceled');
}

/** How a run fails; what it was asked for is not even in the log. */
export async function failureOf(adapter: EngineAdapter, run: EngineRun): Promise<AttemptFailure> {
  const { message, failure } = await engineFailure(modelOf(adapter, run));
  const { prompt } = run.job.params;
  if (typeof prompt === 'string') expect(message).not.toContain(prompt);
  return failure;
}

/** The code that a run fails with; of the words of the server nothing is in what clients see. */
export async function codeOf(work: Promise<unknown>): Promise<AttemptErrorCode> {
  const error = await engineFailure(work);
  const { message } = failureIn(error.code, error.message);
  if (error.message !== '' && message.includes(error.message)) throw new Error('the server speaks to clients');
  return error.code;
}

async function engineFailure(work: Promise<unknown>): Promise<EngineFailure> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof EngineFailure)) throw error;
  return error;
}
