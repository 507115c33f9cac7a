import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, listOf, textOf } from '../../json.js';
import { idOf, unexpected } from '../answers.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { EngineHttpClient } from '../engine-http.client.js';
import { picturesOf } from '../job-contents.js';
import { optionsOf } from '../options/engine-options.js';
import type { MeshyOptions } from '../options/meshy-options.js';
import { Account } from '../paid/account.js';
import {
  fetched,
  follow,
  lostSubmission,
  type Progress,
  retryAfterMs,
  sendOnce,
  type Submission,
} from '../paid/paid-task.js';
import { type Patience, usualPatience } from '../poll.js';
import { type MeshyStep, progressOf, refusal, stepsOf } from './meshy-tasks.js';

/** The tasks at Meshy that an attempt has, in order; the last one's id is null while it is being sent. */
interface Remote {
  tasks: { path: string; id: string | null }[];
}

/** Pictures are in the body. */
const sendMs = 60_000;

/** Has models made by Meshy (docs.meshy.ai: text-to-3d v2, image-to-3d and multi-image-to-3d v1), which costs money. */
export class MeshyAdapter implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: MeshyOptions;
  private readonly account: Account;

  constructor(
    server: ServerSettings,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf('meshy', server.options) as MeshyOptions;
    this.account = new Account(async (signal) => {
      const { status, body } = await this.http.call('GET', '/openapi/v1/balance', { signal });
      return status === 200 ? fieldsOf(body).balance : 0;
    });
  }

  /** Whether the key is good for anything: also a wrong one has no money. */
  isReady(signal: AbortSignal): Promise<boolean> {
    return this.account.canPay(signal);
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const steps = stepsOf(run.job, this.options);
    const { tasks } = remoteOf(run.remote);
    let glb = '';
    for (const [index, step] of steps.entries()) {
      const known = tasks[index];
      if (known?.id === null) throw lostSubmission('the bridge was restarted');
      const id = known?.id ?? (await this.send(run, tasks, step));
      tasks[index] = { path: step.path, id };
      glb = await follow(run, this.patience, () => this.ask(run, step, id));
    }
    const limits = { signal: run.signal, origins: this.options.download_origins };
    return { glb: await fetched(run, this.patience, () => this.http.download(glb, limits)) };
  }

  /** Deletes the tasks, which ends them; what they cost is for Meshy to say. */
  async stop(remote: unknown, signal: AbortSignal): Promise<void> {
    for (const { path, id } of remoteOf(remote).tasks.toReversed()) {
      if (id !== null) await this.http.call('DELETE', `${path}/${id}`, { signal });
    }
  }

  private async send(run: EngineRun, before: Remote['tasks'], { path, bodyOf }: MeshyStep): Promise<string> {
    const pictures: string[] = [];
    for (const { input } of picturesOf(run.job)) {
      pictures.push(`data:${input.content_type};base64,${Buffer.from(await run.read(input)).toString('base64')}`);
    }
    const json = bodyOf(pictures, before.at(-1)?.id ?? undefined);
    return sendOnce({
      run,
      patience: this.patience,
      keep: (id) => run.remember({ tasks: id === undefined ? before : [...before, { path, id }] } satisfies Remote),
      send: (signal) => this.submit(path, json, signal),
    });
  }

  private async submit(path: string, json: object, signal: AbortSignal): Promise<Submission> {
    const answer = await this.http.call('POST', path, { signal, json, timeoutMs: sendMs });
    if (answer.status === 429) return { retryAfterMs: retryAfterMs(answer) };
    if (answer.status >= 300) throw refusal(answer);
    const id = idOf(fieldsOf(answer.body).result);
    if (id === undefined) throw lostSubmission(answer.excerpt);
    return { id };
  }

  private async ask({ signal }: EngineRun, { path, stage }: MeshyStep, id: string): Promise<Progress<string>> {
    const answer = await this.http.call('GET', `${path}/${id}`, { signal });
    if (answer.status === 429) return { stage };
    if (answer.status === 404) throw new EngineFailure('engine_unavailable', answer.excerpt);
    if (answer.status !== 200) throw unexpected(answer);
    return progressOf(answer, stage);
  }
}

function remoteOf(remembered: unknown): Remote {
  const { tasks } = fieldsOf(remembered);
  const known = listOf(tasks).map(fieldsOf);
  return { tasks: known.map(({ path, id }) => ({ path: textOf(path) ?? '', id: idOf(id) ?? null })) };
}
