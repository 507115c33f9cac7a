import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import type { JobInput } from '#worker-contract';
import { fieldsOf, textOf } from '../../json.js';
import { idOf, unexpected } from '../answers.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { EngineHttpClient, type FormFile } from '../engine-http.client.js';
import { honouredParams, modelFailure, onlyPictureOf } from '../job-contents.js';
import { optionsOf } from '../options/engine-options.js';
import type { SglangOptions } from '../options/sglang-options.js';
import { type Patience, poll, usualPatience } from '../poll.js';

/** The fields of the form that reach the model; the server ignores others without a word, as it does every picture after the first. */
const honoured = [
  'prompt',
  'negative_prompt',
  'seed',
  'guidance_scale',
  'num_inference_steps',
  'generator_device',
] as const;

/**
 * A server of SGLang, `/v1/meshes`. It queues by itself, and knows a mesh as queued until it is completed or failed. Nothing that was sent
 * can be stopped: deleting removes the record, and the mesh is made all the same. Records are in memory, so that a server which does not
 * know one was restarted.
 */
export class SglangAdapter implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: SglangOptions;

  constructor(
    server: ServerSettings,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf('sglang', server.options) as SglangOptions;
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await this.http.call('GET', '/v1/meshes?limit=1', { signal, timeoutMs: 5000 });
      return answer.status === 200 && Array.isArray(fieldsOf(answer.body)['data']);
    } catch {
      return false;
    }
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const params = honouredParams(run.job, honoured);
    const picture = onlyPictureOf(run.job);
    const id = idOf(fieldsOf(run.remote)['id']) ?? (await this.send(run, params, picture));
    const totalMs = this.options.job_seconds * 1000;
    const address = await poll(() => this.ask(run, id), run.signal, { ...this.patience, totalMs });
    const limits = { signal: run.signal, origins: this.options.download_origins };
    return { glb: await this.http.download(address, limits) };
  }

  async stop(remote: unknown, signal: AbortSignal): Promise<void> {
    const id = idOf(fieldsOf(remote)['id']);
    if (id !== undefined) await this.http.call('DELETE', `/v1/meshes/${id}`, { signal });
  }

  private async send(run: EngineRun, params: Record<string, unknown>, picture: JobInput): Promise<string> {
    const fields = Object.entries({ ...params, model: this.options.model, output_format: 'glb' });
    const image: FormFile = { name: picture.name, type: picture.content_type, bytes: await run.read(picture) };
    const form: [string, string | FormFile][] = [
      ...fields.flatMap(([name, value]) => fieldOf(name, value)),
      ['image', image],
    ];
    const answer = await this.http.call('POST', '/v1/meshes', { signal: run.signal, form });
    // 400: the picture could not be read; 422: there is none, or a field is not of its type
    if (answer.status === 400) throw new EngineFailure('bad_input', answer.excerpt);
    if (answer.status === 422) throw new EngineFailure('unsupported', answer.excerpt);
    const id = idOf(fieldsOf(answer.body)['id']);
    if (answer.status !== 200 || id === undefined) throw unexpected(answer);
    await run.remember({ id });
    return id;
  }

  /** Where the finished mesh is: behind a path of the server, or in its cloud. Undefined while it is not made. */
  private async ask(run: EngineRun, id: string): Promise<string | undefined> {
    const answer = await this.http.call('GET', `/v1/meshes/${id}`, { signal: run.signal, timeoutMs: 10_000 });
    if (answer.status === 404)
      throw new EngineFailure('engine_unavailable', 'the server was restarted, the job is lost');
    const { status, progress, url, format, error } = fieldsOf(answer.body);
    if (status === 'failed') throw modelFailure(textOf(fieldsOf(error)['message']) ?? answer.excerpt);
    if (status === 'completed') {
      if (format !== 'glb') throw new EngineFailure('output_rejected', `the mesh is ${String(format)}`);
      return textOf(url) ?? `/v1/meshes/${id}/content`;
    }
    if (answer.status !== 200 || status !== 'queued') throw unexpected(answer);
    const fraction = typeof progress === 'number' && progress > 0 ? Math.min(progress / 100, 1) : undefined;
    await run.report('generate', fraction);
    return undefined;
  }
}

function fieldOf(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
}
