import { once } from 'node:events';
import { aGlb } from './a-glb.js';
import { type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

type End = { output: unknown } | { error: string } | { canceled: true } | { invalid: string };

/**
 * A container made by Cog: `docs/http.md` and `crates/coglet/src/transport/http/routes.rs` of github.com/replicate/cog at 6110c91
 * (2026-08-21). One place and no queue; inputs that the model does not have are stripped; a failure of the model is a 200; a prediction
 * can only be asked about by repeating its PUT, which begins a second run when the first one is over; a synchronous one is canceled when
 * its client goes away.
 */
export class CogStandIn extends StandInServer {
  /** What the model takes. */
  inputs = ['prompt', 'image', 'seed', 'guidance_scale', 'steps'];
  health: 'STARTING' | 'READY' | 'SETUP_FAILED' | 'DEFUNCT' | 'UNHEALTHY' = 'READY';
  end: End = { output: `data:model/gltf-binary;base64,${aGlb().toString('base64')}` };
  /** Whether predictions wait for `release`. */
  holds = false;
  /** What the model was run with, run by run. */
  readonly runs: Record<string, unknown>[] = [];
  readonly canceled: string[] = [];
  private readonly running = new Map<string, AbortController>();
  private readonly released = new EventTarget();

  protected answer(heard: Heard): Reply | Promise<Reply> {
    const { method, path } = heard;
    if (path === '/health-check') return { json: { status: this.running.size > 0 ? 'BUSY' : this.health } };
    if (path === '/openapi.json') return { json: openapiOf(this.inputs) };
    const [, id, cancel] = /^\/predictions\/([^/]+)(\/cancel)?$/.exec(path) ?? [];
    if (id && cancel && method === 'POST') return this.cancel(id);
    return id && method === 'PUT' ? this.predict(id, heard) : { status: 404 };
  }

  /** Lets the predictions end that are held. */
  release(): void {
    this.holds = false;
    this.released.dispatchEvent(new Event('released'));
  }

  /** Somebody else has the only place, until the signal aborts. */
  occupy(until: AbortSignal): void {
    const other = new AbortController();
    this.running.set('of-somebody-else', other);
    until.addEventListener('abort', () => this.running.delete('of-somebody-else'));
  }

  private async predict(id: string, heard: Heard): Promise<Reply> {
    if (this.running.has(id)) return { status: 202, json: { id, status: 'processing' } };
    if (this.health !== 'READY')
      return { status: 503, json: { error: 'Setup has not finished yet', status: 'failed' } };
    if (this.running.size > 0) return { status: 409, json: { error: 'At capacity', status: 'failed' } };
    const { input } = jsonOf(heard) as { input: Record<string, unknown> };
    this.runs.push(Object.fromEntries(Object.entries(input).filter(([name]) => this.inputs.includes(name))));
    const control = new AbortController();
    this.running.set(id, control);
    heard.gone.addEventListener('abort', () => control.abort());
    const end = await this.endOf(control.signal);
    this.running.delete(id);
    return replyOf(id, end);
  }

  private async endOf(signal: AbortSignal): Promise<End> {
    if (this.holds) {
      await Promise.race([
        once(this.released, 'released', { signal }).catch(() => undefined),
        new Promise((resolve) => signal.addEventListener('abort', resolve)),
      ]);
    }
    return signal.aborted ? { canceled: true } : this.end;
  }

  private cancel(id: string): Reply {
    const control = this.running.get(id);
    if (!control) return { status: 404, json: {} };
    this.canceled.push(id);
    control.abort();
    return { json: {} };
  }
}

function replyOf(id: string, end: End): Reply {
  const metrics = { predict_time: 0.1 };
  if ('output' in end) return { json: { id, status: 'succeeded', output: end.output, logs: '', metrics } };
  if ('error' in end) return { json: { id, status: 'failed', error: end.error, logs: '', metrics } };
  if ('canceled' in end) return { json: { id, status: 'canceled', logs: '', metrics } };
  return { status: 422, json: { detail: [{ loc: ['body', 'input', end.invalid], msg: 'secret words', type: 'x' }] } };
}

const openapiOf = (inputs: string[]): object => ({
  openapi: '3.0.2',
  components: {
    schemas: { Input: { type: 'object', properties: Object.fromEntries(inputs.map((name) => [name, {}])) } },
  },
});
