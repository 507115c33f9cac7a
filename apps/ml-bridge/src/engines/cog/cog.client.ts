import { randomUUID } from 'node:crypto';
import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, textOf } from '../../json.js';
import { type EngineAnswer, idOf, unexpected } from '../answers.js';
import { cogInputs, glbOf, refusalOf, refuseStripped } from './cog-contents.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { EngineHttpClient, mostJsonBytesWithFiles } from '../engine-http.client.js';
import { modelFailure, type Picture, picturesOf } from '../job-contents.js';
import type { CogOptions } from '../options/cog-options.js';
import { optionsOf } from '../options/engine-options.js';
import { type Patience, poll, usualPatience } from '../poll.js';

const mebibyte = 1024 ** 2;
const cancelMs = 3000;

/**
 * A container made by Cog. Its predictions are made by a `PUT` that is held open until their end, since there is no other way to an
 * answer: the server cannot be asked about a prediction, it calls back only a public address, which this bridge need not have, and a
 * repeated `PUT` begins a second run once the first one is over. So each `PUT` has an id of its own, and is never repeated. While it is
 * open, the health of the server is looked at. A prediction whose connection broke is canceled, by the server too: nobody would hear
 * of its end, and after a restart of the bridge it is made anew.
 */
export class CogAdapter implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: CogOptions;
  private open = 0;

  constructor(
    server: ServerSettings,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf('cog', server.options) as CogOptions;
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    try {
      const health = await this.healthOf(signal);
      return health === 'READY' || (health === 'BUSY' && this.open > 0); // busy for others it refuses our jobs
    } catch {
      return false;
    }
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const { signal } = run;
    const input = await this.inputOf(run);
    await this.stop(run.remote);
    const until = Date.now() + this.options.job_seconds * 1000;
    const answer = await poll(() => this.predict(run, input, until), signal, {
      ...this.patience,
      silenceMs: 0,
      totalMs: until - Date.now(),
    });
    const found = glbOf(this.outputOf(answer), this.options.output);
    if (typeof found !== 'string') return { glb: found };
    return { glb: await this.http.download(found, { signal, origins: this.options.download_origins }) };
  }

  async stop(remote: unknown, signal: AbortSignal = AbortSignal.timeout(cancelMs)): Promise<void> {
    const id = idOf(fieldsOf(remote)['id']);
    if (id === undefined) return;
    const limits = AbortSignal.any([signal, AbortSignal.timeout(cancelMs)]);
    await this.http.call('POST', `/predictions/${id}/cancel`, { signal: limits }).catch(() => undefined); // 404: it is over
  }

  private async inputOf(run: EngineRun): Promise<Record<string, unknown>> {
    const pictures = await Promise.all(picturesOf(run.job).map((picture) => this.pictureOf(run, picture)));
    const inputs = cogInputs(run.job.params, pictures, this.options);
    const openapi = await this.http.call('GET', '/openapi.json', { signal: run.signal, maxBytes: 4 * mebibyte });
    if (openapi.status !== 200) throw unexpected(openapi);
    refuseStripped(inputs, openapi.body);
    return inputs;
  }

  private async pictureOf(run: EngineRun, { view, input }: Picture): Promise<{ view: string; url: string }> {
    if (this.options.pictures === 'url') return { view, url: input.url };
    const bytes = Buffer.from(await run.read(input));
    return { view, url: `data:${input.content_type};base64,${bytes.toString('base64')}` };
  }

  /** The answer at the end of one prediction; undefined when there was no place for it. */
  private async predict(run: EngineRun, input: object, until: number): Promise<EngineAnswer | undefined> {
    const id = randomUUID();
    const ended = new AbortController();
    const signal = AbortSignal.any([run.signal, ended.signal]);
    await run.remember({ id });
    this.open++;
    try {
      return await Promise.race([this.put(run, id, input, signal), this.attend(run, signal, until)]);
    } catch (error) {
      if (!run.signal.aborted) await this.stop({ id });
      throw error;
    } finally {
      this.open--;
      ended.abort();
    }
  }

  private async put(run: EngineRun, id: string, input: object, signal: AbortSignal): Promise<EngineAnswer | undefined> {
    const timeoutMs = this.options.job_seconds * 1000;
    const limits = { signal, timeoutMs, maxBytes: mostJsonBytesWithFiles, files: true };
    const answer = await this.http.call('PUT', `/predictions/${id}`, { json: { input }, ...limits });
    if (answer.status === 200) return answer;
    if (answer.status === 422) throw refusalOf(answer.body, this.options, answer.excerpt);
    if (answer.status !== 409) throw unexpected(answer);
    await run.report('waiting');
    return undefined;
  }

  /** Tells that the server is there as long as it is; rejects when it is not, or the time is over. */
  private attend(run: EngineRun, signal: AbortSignal, until: number): Promise<never> {
    const look = async (): Promise<undefined> => {
      const health = await this.healthOf(signal);
      if (health !== 'READY' && health !== 'BUSY') throw new EngineFailure('engine_unavailable', `health is ${health}`);
      await run.report('generate');
    };
    return poll<never>(look, signal, { ...this.patience, totalMs: until - Date.now() });
  }

  private async healthOf(signal: AbortSignal): Promise<string> {
    const answer = await this.http.call('GET', '/health-check', { signal, timeoutMs: 5000 });
    const status = textOf(fieldsOf(answer.body)['status']);
    if (answer.status !== 200 || status === undefined) throw unexpected(answer);
    return status;
  }

  /** A failure of the model is an answer with 200, too. */
  private outputOf({ body, excerpt }: EngineAnswer): unknown {
    const { status, output, error } = fieldsOf(body);
    if (status === 'succeeded') return output;
    if (status === 'failed') throw modelFailure(textOf(error) ?? excerpt);
    if (status === 'canceled') throw new EngineFailure('engine_unavailable', 'somebody else canceled the prediction');
    throw unexpected({ excerpt });
  }
}
