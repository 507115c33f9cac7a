import type { Workflow } from '../../src/engines/comfyui/comfyui-workflow.js';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { formOf, type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

type Node = Workflow[string];

interface Queued {
  id: string;
  prompt: Workflow;
}

/** How a run ends: with a listed GLB, with one that is not listed (the wrapper), with one of another kind, or failing. */
export type Ending = 'listed' | 'silent' | 'obj' | 'error' | 'out of memory';

const limits: Record<string, [min: number, max: number]> = {
  steps: [1, 10_000],
  cfg: [0, 100],
  octree_resolution: [16, 512],
  num_chunks: [1000, 500_000],
};

const oom = {
  exception_type: 'torch.OutOfMemoryError',
  exception_message: 'Allocation on device\nThis error means you ran out of memory on your GPU.',
};
const failed = { exception_type: 'RuntimeError', exception_message: 'secret words of the server' };

/**
 * ComfyUI, as comfyanonymous/ComfyUI at a125cd8 (v0.3.64): server.py (`/upload/image` 316, `/view` 416, `/prompt` 674, `/queue` 722,
 * `/interrupt` 736), execution.py (validation 900, queue and history in memory 1075, `execution_interrupted` 620). A run goes on by one
 * step each time the queue is looked at: waiting, running, ended.
 */
export class ComfyuiStandIn extends StandInServer {
  ending: Ending = 'listed';
  /** Where runs stay. */
  hold: 'waiting' | 'running' | null = null;
  /** A node that does not look up: interrupts come to nothing. */
  deaf = false;
  /** Begins to run what is asked to leave the queue, just then. */
  hasty = false;
  readonly glb = Buffer.from('glTF, or so');
  readonly uploads = new Map<string, Buffer>();
  /** Every run that was ever taken, in order. */
  readonly runs: Queued[] = [];
  readonly interrupted: unknown[] = [];
  private readonly files = new Map<string, Buffer>();
  private readonly listeners = new Map<string, (message: string | Buffer) => void>();
  private pending: Queued[] = [];
  private running: Queued | null = null;
  private history: Record<string, object> = {};

  override reset(): void {
    super.reset();
    Object.assign(this, { ending: 'listed', hold: null, deaf: false, hasty: false });
    this.runs.length = 0;
    this.interrupted.length = 0;
    this.restart();
  }

  override async start(): Promise<this> {
    await super.start();
    this['server']?.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      const { clientId = '' } = /clientId=(?<clientId>[^&]+)/.exec(request.url ?? '')?.groups ?? {};
      this.listeners.set(clientId, openedWebSocket(request, socket));
    });
    return this;
  }

  /** A new process knows no run. */
  restart(): void {
    this.pending = [];
    this.running = null;
    this.history = {};
  }

  protected async answer(heard: Heard): Promise<Reply> {
    const line = `${heard.method} ${heard.path}`;
    if (line === 'GET /system_stats') return { json: { system: { comfyui_version: '0.3.64' }, devices: [] } };
    if (line === 'POST /upload/image') return this.upload(heard);
    if (line === 'POST /prompt') return this.prompt(jsonOf(heard) as never);
    if (line === 'GET /queue') return this.queue();
    if (line === 'POST /queue') return this.removed(jsonOf(heard) as never);
    if (line === 'POST /interrupt') return this.interrupt(jsonOf(heard));
    if (line === 'GET /view') return this.view(heard.query);
    const id = /^GET \/history\/(.+)$/.exec(line)?.[1];
    if (id !== undefined) return { json: id in this.history ? { [id]: this.history[id] } : {} };
    return { status: 404 };
  }

  private async upload(heard: Heard): Promise<Reply> {
    const form = await formOf(heard);
    const image = form.get('image');
    if (!(image instanceof File)) return { status: 400 };
    const subfolder = form.get('subfolder') as string | null;
    this.uploads.set([subfolder, image.name].filter(Boolean).join('/'), Buffer.from(await image.arrayBuffer()));
    return { json: { name: image.name, subfolder: subfolder ?? '', type: form.get('type') } };
  }

  private prompt({ prompt, prompt_id }: { prompt: Workflow; prompt_id: string }): Reply {
    const node_errors = this.faultsOf(prompt);
    if (Object.keys(node_errors).length > 0) {
      const error = { type: 'prompt_outputs_failed_validation', message: 'secret words', details: '', extra_info: {} };
      return { status: 400, json: { error, node_errors } };
    }
    this.runs.push({ id: prompt_id, prompt });
    this.pending.push({ id: prompt_id, prompt });
    return { json: { prompt_id, number: this.runs.length, node_errors: {} } };
  }

  /** Only what leads to an output is looked at. */
  private faultsOf(prompt: Workflow): Record<string, object> {
    const seen = new Set<string>();
    const visit = (id: string): void => {
      if (seen.has(id) || !prompt[id]) return;
      seen.add(id);
      for (const value of Object.values(prompt[id].inputs)) if (Array.isArray(value)) visit(String(value[0]));
    };
    for (const [id, { class_type }] of Object.entries(prompt)) if (isOutput(class_type)) visit(id);
    const faults = [...seen].map((id) => [id, this.faultsOfNode(prompt[id]!)] as const);
    return Object.fromEntries(
      faults.filter(([, errors]) => errors.length > 0).map(([id, errors]) => [id, { errors, dependent_outputs: [] }]),
    );
  }

  private faultsOfNode({ class_type, inputs }: Node): object[] {
    return Object.entries(inputs).flatMap(([input_name, value]) => {
      const fault = (type: string): object[] => [{ type, message: 'secret words', extra_info: { input_name } }];
      const [min, max] = limits[input_name] ?? [-Infinity, Infinity];
      if (class_type === 'LoadImage' && !this.uploads.has(String(value))) return fault('custom_validation_failed');
      if (class_type === 'ImageOnlyCheckpointLoader' && value === 'missing') return fault('value_not_in_list');
      if (typeof value !== 'number') return [];
      if (value < min) return fault('value_smaller_than_min');
      return value > max ? fault('value_bigger_than_max') : [];
    });
  }

  private queue(): Reply {
    const row = ({ id, prompt }: Queued, index: number): unknown[] => [index, id, prompt, {}, []];
    const json = { queue_running: this.running ? [row(this.running, 0)] : [], queue_pending: this.pending.map(row) };
    this.goOn();
    return { json };
  }

  private goOn(): void {
    if (this.running) this.tell(this.running.id);
    if (this.running && this.hold !== 'running') this.end(this.running);
    else if (!this.running && this.hold !== 'waiting') this.running = this.pending.shift() ?? null;
  }

  /** Half of the sampling is done, and what is before it; and a picture of it comes along. */
  private tell(id: string): void {
    const finished = { value: 1, max: 1, state: 'finished' };
    const nodes = { 1: finished, 2: finished, 7: { value: 15, max: 30, state: 'running', prompt_id: id } };
    const say = this.listeners.get(id);
    say?.(JSON.stringify({ type: 'progress_state', data: { prompt_id: id, nodes } }));
    say?.(Buffer.alloc(100));
  }

  private end(run: Queued): void {
    this.running = null;
    if (this.ending === 'error' || this.ending === 'out of memory') {
      const data = { node_id: '7', node_type: 'KSampler', ...(this.ending === 'error' ? failed : oom), traceback: [] };
      this.history[run.id] = { outputs: {}, status: status('error', [['execution_error', data]]) };
      return;
    }
    const [node, { inputs }] = Object.entries(run.prompt).find(([, { class_type }]) => isOutput(class_type))!;
    const prefix = String(inputs.filename_prefix);
    const [subfolder, name] = [prefix.replace(/\/?[^/]*$/, ''), prefix.replace(/.*\//, '')];
    const filename = `${name}_00001_.${this.ending === 'obj' ? 'obj' : 'glb'}`;
    this.files.set(`output/${subfolder}/${filename}`, this.glb);
    const outputs = this.ending === 'silent' ? {} : { [node]: { '3d': [{ filename, subfolder, type: 'output' }] } };
    this.history[run.id] = { outputs, status: status('success', [['execution_success', {}]]) };
  }

  /** 200 also when there is no such run. */
  private removed({ delete: ids }: { delete: string[] }): Reply {
    if (this.hasty) this.running = this.pending.shift() ?? this.running;
    this.pending = this.pending.filter(({ id }) => !ids.includes(id));
    return { body: '' };
  }

  /** Whatever runs, when no run is named. */
  private interrupt({ prompt_id }: { prompt_id?: string }): Reply {
    this.interrupted.push(prompt_id);
    const isMeant = prompt_id === undefined || prompt_id === this.running?.id;
    if (this.running && isMeant && !this.deaf) this.interruptRun();
    return { body: '' };
  }

  /** By somebody at the server. */
  interruptRun(): void {
    const id = this.running?.id ?? this.pending.shift()?.id ?? '';
    this.history[id] = { outputs: {}, status: status('error', [['execution_interrupted', { prompt_id: id }]]) };
    this.running = null;
  }

  private view(query: URLSearchParams): Reply {
    const file = this.files.get(['type', 'subfolder', 'filename'].map((name) => query.get(name)).join('/'));
    return file ? { body: file } : { status: 404 };
  }
}

const isOutput = (classType: string): boolean => classType === 'SaveGLB' || classType === 'Hy3DExportMesh';

const status = (status_str: string, messages: unknown[]): object => ({
  status_str,
  completed: status_str === 'success',
  messages: [['execution_start', {}], ...messages],
});

/** RFC 6455: the handshake, and frames of less than 64 KiB that are not masked. */
function openedWebSocket({ headers }: IncomingMessage, socket: Socket): (message: string | Buffer) => void {
  const key = `${headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'));
  socket.on('error', () => undefined).on('data', () => socket.end()); // all that is ever sent to it is the end
  return (message) => {
    const payload = Buffer.from(message);
    const opcode = typeof message === 'string' ? 0x81 : 0x82;
    socket.write(Buffer.concat([Buffer.from([opcode, 126, payload.length >> 8, payload.length & 255]), payload]));
  };
}
