import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobInput } from '#worker-contract';
import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf } from '../../json.js';
import { type EngineAnswer, idOf, unexpected } from '../answers.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { type EngineCall, EngineHttpClient, mostJsonBytes } from '../engine-http.client.js';
import { EngineUnreachable } from '../engine-unreachable.js';
import { picturesOf } from '../job-contents.js';
import type { ComfyuiOptions } from '../options/comfyui-options.js';
import { optionsOf } from '../options/engine-options.js';
import { type Patience, poll, usualPatience } from '../poll.js';
import { endedRun, type Entry, queuedRun, refusal, type Run, savedGlb, type SavedFile } from './comfyui-answers.js';
import { ComfyuiProgress } from './comfyui-progress.client.js';
import { filled, valuesOf, weightsOf, type Workflow, workflowOf } from './comfyui-workflow.js';

/** What is remembered of an attempt: our id of its run, and whether the server has taken it. */
interface Remote {
  id: string;
  taken: boolean;
}

interface Submission {
  prompt: Workflow;
  prompt_id: string;
  client_id: string;
}

/** How often a run is looked for that should stop, and how many times: within the seconds that a stop may take. */
const stopEveryMs = 500;
const mostStops = 5;

/** Our files at the server have a folder of their own. */
const folder = 'lathe';

/**
 * Runs a workflow on a ComfyUI (comfyanonymous/ComfyUI, server.py and execution.py of v0.3.64). A run has an id of ours, so that it is
 * found again whatever happens: its queue and history live in memory, and what is in neither is lost. The same id posted twice would run
 * twice, so it is looked for before it is posted again.
 */
export class ComfyuiAdapter implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: ComfyuiOptions;
  private readonly workflow: Workflow;

  constructor(
    private readonly server: ServerSettings,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf('comfyui', server.options) as ComfyuiOptions;
    this.workflow = workflowOf(contentOf(this.options.workflow), this.options);
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    const answer = await this.http.call('GET', '/system_stats', { signal }).catch(() => null);
    return answer?.status === 200;
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const { signal } = run;
    const remote = remoteOf(run.remote) ?? { id: randomUUID(), taken: false };
    const progress = new ComfyuiProgress(this.server, remote.id, weightsOf(this.workflow, this.options));
    const entry = await this.followed(run, remote, progress).finally(() => progress.close());
    const file = savedGlb(entry, this.options.output) ?? this.fileOf(remote.id);
    await run.report('deliver');
    return { glb: await this.http.download(`/view?${new URLSearchParams(file).toString()}`, { signal }) };
  }

  /**
   * Takes it out of the queue or interrupts it, and looks again, as it may begin to run in between. A node that does not look up until it
   * is done goes on as long as that. Interrupts nothing but what runs under this id: servers before PR #9607 stop whatever runs.
   */
  async stop(remote: unknown, signal: AbortSignal): Promise<void> {
    const id = remoteOf(remote)?.id;
    if (id === undefined) return;
    for (let looks = 0; looks < mostStops; looks++) {
      await this.http.call('POST', '/queue', { signal, json: { delete: [id] } });
      const run = await this.queued(id, signal);
      if (!run) return;
      if (run.state === 'running') await this.http.call('POST', '/interrupt', { signal, json: { prompt_id: id } });
      await delay(Math.min(this.patience.everyMs, stopEveryMs), undefined, { signal });
    }
  }

  private async followed(run: EngineRun, remote: Remote, progress: ComfyuiProgress): Promise<Entry> {
    progress.listen();
    if (!remote.taken) await this.submit(run, remote.id);
    await run.remember({ ...remote, taken: true });
    return poll(() => this.look(run, remote.id, progress), run.signal, this.patience);
  }

  private async submit(run: EngineRun, id: string): Promise<void> {
    const { signal, job } = run;
    if (run.remote !== null && (await poll(() => this.isKnown(id, signal), signal, this.patience))) return;
    const pictures = new Map(picturesOf(job).map(({ view, input }) => [view, `${folder}/${id}-${input.name}`]));
    const values = valuesOf(job, pictures, this.options);
    if (this.options.filename_prefix) values.set(this.options.filename_prefix, `${folder}/${id}`);
    const prompt = filled(this.workflow, values, this.options);
    for (const { input } of picturesOf(job)) await this.upload(run, id, input);
    await run.remember({ id, taken: false } satisfies Remote);
    const answer = await this.post({ prompt, prompt_id: id, client_id: id }, signal);
    if (answer?.status === 400) throw refusal(answer.body, values, Object.values(this.options.images));
    if (answer && (answer.status !== 200 || fieldsOf(answer.body).prompt_id !== id)) throw unexpected(answer);
  }

  /** Null when the answer was lost and the run is there. */
  private async post(json: Submission, signal: AbortSignal): Promise<EngineAnswer | null> {
    try {
      return await this.http.call('POST', '/prompt', { signal, json, maxBytes: mostJsonBytes });
    } catch (error) {
      const mayBeThere = error instanceof EngineUnreachable && !error.certainlyUnheard;
      if (mayBeThere && (await poll(() => this.isKnown(json.prompt_id, signal), signal, this.patience))) return null;
      throw error;
    }
  }

  private async upload(run: EngineRun, id: string, input: JobInput): Promise<void> {
    const name = `${id}-${input.name}`;
    const file = { name, type: input.content_type, bytes: await run.read(input) };
    const fields = { type: 'input', subfolder: folder, overwrite: 'true' };
    const form = [['image', file] as const, ...Object.entries(fields)] satisfies EngineCall['form'];
    const answer = await this.http.call('POST', '/upload/image', { signal: run.signal, form });
    if (answer.status === 413) throw new EngineFailure('bad_input', answer.excerpt);
    const stored = fieldsOf(answer.body);
    if (answer.status !== 200 || stored.name !== name || stored.subfolder !== folder) throw unexpected(answer);
    await run.report('waiting');
  }

  /** Reports where the run is; its entry of the history when it has ended. Throws `engine_unavailable` when the server lost it. */
  private async look(run: EngineRun, id: string, progress: ComfyuiProgress): Promise<Entry | undefined> {
    const found = await this.find(id, run.signal);
    if (!found) throw new EngineFailure('engine_unavailable', 'the server does not know the run any more');
    if (found.state === 'ended') return found.entry;
    progress.listen();
    if (found.state === 'running') await run.report('generate', progress.fraction);
    else await run.report('waiting');
    return undefined;
  }

  private async isKnown(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.find(id, signal)) !== null;
  }

  /** In the queue first: a run goes from there into the history in one step, and never back, so that it is not missed in between. */
  private async find(id: string, signal: AbortSignal): Promise<Run | null> {
    return (await this.queued(id, signal)) ?? (await this.ended(id, signal));
  }

  private async ended(id: string, signal: AbortSignal): Promise<Run | null> {
    return endedRun(await this.get(`/history/${id}`, signal), id);
  }

  private async queued(id: string, signal: AbortSignal): Promise<Run | null> {
    return queuedRun(await this.get('/queue', signal), id);
  }

  private async get(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.http.call('GET', path, { signal, maxBytes: mostJsonBytes });
    if (answer.status !== 200) throw unexpected(answer);
    return answer.body;
  }

  /** Where ComfyUI puts the first file with the prefix that we gave it. */
  private fileOf(id: string): SavedFile {
    if (!this.options.filename_prefix)
      throw new EngineFailure('output_rejected', 'the workflow does not say what it saved');
    return { filename: `${id}_00001_.glb`, subfolder: folder, type: 'output' };
  }
}

function remoteOf(remote: unknown): Remote | null {
  const { id, taken } = fieldsOf(remote);
  const known = idOf(id);
  return known === undefined ? null : { id: known, taken: taken === true };
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new Error(`options.workflow: ${file} cannot be read`, { cause });
  }
}
