import type { EngineName, ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import type { Job } from '#worker-contract';
import { fieldsOf } from '../../json.js';
import { idOf, unexpected } from '../answers.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { EngineHttpClient, mostJsonBytesWithFiles } from '../engine-http.client.js';
import { EngineUnreachable } from '../engine-unreachable.js';
import { type GlbLook, lookAtGlb } from './glb-look.js';
import { Occupancy, type Remote, remoteOf } from './hunyuan3d-occupancy.js';
import { fileOf, type JsonFile } from '../json-file.js';
import { onlyPictureOf } from '../job-contents.js';
import { optionsOf } from '../options/engine-options.js';
import type { Hunyuan3dOptions } from '../options/hunyuan3d-options.js';
import { type Patience, poll, usualPatience } from '../poll.js';

/** In what the stock servers of Hunyuan3D differ. */
export interface Hunyuan3dTraits {
  engine: EngineName;
  /** The body of `POST /send` beside the picture. Throws `unsupported` for what would be ignored. */
  paramsOf(job: Job, options: Hunyuan3dOptions): Record<string, unknown>;
  /** The stage that each status is shown as, the first one being that of a job which has only begun. */
  stages: Readonly<Record<string, string>>;
  /** Which process answers, where the server tells; null where it does not. Rejects when it is not well. */
  identify(http: EngineHttpClient, signal: AbortSignal): Promise<string | null>;
  /** Throws when such a model is not what was asked for. */
  check(look: GlbLook): void;
}

const callMs = 10_000;

/**
 * The protocol of the stock servers: `POST /send`, and `GET /status/{uid}` until it says that the job is completed. A job that failed and
 * one that the server does not know are "processing" for ever, nothing can be stopped, and two jobs at once share one pipeline that is
 * not made for it. So there is one job at a time, by the clock of this adapter; after one that was given up comes no other before its
 * end is seen, or its time is over.
 */
export class Hunyuan3dServer implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: Hunyuan3dOptions;
  private readonly occupancy: Occupancy;

  constructor(
    server: ServerSettings,
    private readonly traits: Hunyuan3dTraits,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf(traits.engine, server.options) as Hunyuan3dOptions;
    this.occupancy = new Occupancy(this.options.job_seconds * 1000);
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    try {
      await this.traits.identify(this.http, signal);
      return this.occupancy.attended || (await this.isFree(signal));
    } catch {
      return false;
    }
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const params = this.traits.paramsOf(run.job, this.options);
    const picture = onlyPictureOf(run.job);
    const known = remoteOf(run.remote);
    if (known) this.occupancy.expect(known);
    else await this.waitForTurn(run);
    this.occupancy.attended = true;
    try {
      const remote = known ?? (await this.send(run, { ...params, image: base64(await run.read(picture)) }));
      const totalMs = remote.since + this.occupancy.jobMs - Date.now();
      const glb = await poll(() => this.ask(run, remote), run.signal, { ...this.patience, totalMs });
      return { glb };
    } finally {
      this.occupancy.attended = false;
    }
  }

  stop(remote: unknown): Promise<void> {
    const known = remoteOf(remote);
    if (known) this.occupancy.expect(known);
    return Promise.resolve();
  }

  private async waitForTurn(run: EngineRun): Promise<void> {
    const isMine = async (): Promise<true | undefined> => {
      if ((await this.isFree(run.signal)) && !this.occupancy.attended) return (this.occupancy.attended = true);
      await run.report('waiting');
      return undefined;
    };
    await poll(isMine, run.signal, { ...this.patience, totalMs: this.occupancy.jobMs });
  }

  /** Whether nothing runs there any more that was given up here. */
  private isFree(signal: AbortSignal): Promise<boolean> {
    return this.occupancy.isOver(Date.now(), (remote) => this.hasEnded(remote, signal));
  }

  private async hasEnded({ uid, process }: Remote, signal: AbortSignal): Promise<boolean> {
    if (await this.wasRestarted({ process }, signal)) return true;
    try {
      return (await this.statusOf(uid, signal)).status === 'completed';
    } catch (error) {
      if (isTooLarge(error)) return true;
      throw error;
    }
  }

  /** As far as the server tells its processes apart. */
  private async wasRestarted({ process }: Pick<Remote, 'process'>, signal: AbortSignal): Promise<boolean> {
    return process !== null && (await this.traits.identify(this.http, signal)) !== process;
  }

  private async send(run: EngineRun, json: object): Promise<Remote> {
    const { signal } = run;
    const process = await this.traits.identify(this.http, signal);
    const since = Date.now();
    this.occupancy.begin(since);
    try {
      const answer = await this.http.call('POST', '/send', { signal, json });
      const uid = idOf(fieldsOf(answer.body)['uid']);
      if (answer.status !== 200 || uid === undefined) throw unexpected(answer);
      const remote: Remote = { uid, since, process };
      this.occupancy.expect(remote);
      await run.remember(remote);
      return remote;
    } catch (error) {
      const refused =
        error instanceof EngineFailure && !(error instanceof EngineUnreachable && !error.certainlyUnheard);
      if (refused) this.occupancy.forget(null);
      throw error;
    }
  }

  /** The finished model, or undefined while there is none. */
  private async ask(run: EngineRun, remote: Remote): Promise<JsonFile | undefined> {
    try {
      if (await this.wasRestarted(remote, run.signal)) throw this.lost(remote, 'the server was restarted');
      const { status, model_base64 } = await this.statusOf(remote.uid, run.signal);
      const glb = status === 'completed' ? this.checked(remote, model_base64) : undefined;
      if (!glb) await run.report(this.traits.stages[status] ?? Object.values(this.traits.stages).at(-1)!);
      return glb;
    } catch (error) {
      if (error instanceof EngineUnreachable && error.certainlyUnheard) throw this.lost(remote, error.message);
      if (isTooLarge(error)) this.occupancy.forget(remote);
      throw error;
    }
  }

  private lost(remote: Remote, reason: string): EngineFailure {
    this.occupancy.forget(remote);
    return new EngineFailure('engine_unavailable', `the job is lost: ${reason}`);
  }

  private async statusOf(uid: string, signal: AbortSignal): Promise<{ status: string; model_base64?: unknown }> {
    const limits = { timeoutMs: callMs, maxBytes: mostJsonBytesWithFiles, files: true };
    const answer = await this.http.call('GET', `/status/${uid}`, { signal, ...limits });
    const { status, model_base64 } = fieldsOf(answer.body);
    const isKnown = typeof status === 'string' && (status === 'completed' || Object.hasOwn(this.traits.stages, status));
    if (answer.status !== 200 || !isKnown) throw unexpected(answer);
    return { status, model_base64 };
  }

  /** Undefined for one that is still being written. */
  private checked(remote: Remote, base64Text: unknown): JsonFile | undefined {
    const glb = fileOf(base64Text);
    const look = glb && lookAtGlb(glb);
    if (look?.complete === false) return undefined;
    this.occupancy.forget(remote);
    if (!glb || !look) throw new EngineFailure('output_rejected', 'what the server calls a model is no GLB');
    this.traits.check(look);
    return glb;
  }
}

/** Only a model is. */
const isTooLarge = (error: unknown): boolean => error instanceof EngineFailure && error.code === 'output_rejected';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
