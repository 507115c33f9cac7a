import type { FilesStandIn } from './files-stand-in.js';
import { formOf, type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

/** A task at Tripo. */
export interface TripoTask {
  id: string;
  type: string;
  body: Record<string, unknown>;
  status: string;
  progress: number;
}

const always = 'model texture pbr texture_quality geometry_quality face_limit model_seed texture_seed auto_size'.split(
  ' ',
);
const fields: Record<string, string[]> = {
  'text-to-model': [...always, 'prompt', 'negative_prompt', 'image_seed'],
  'image-to-model': [...always, 'input', 'texture_alignment', 'orientation', 'enable_image_autofix'],
  'multiview-to-model': [...always, 'inputs', 'texture_alignment', 'orientation'],
};

/**
 * Tripo's API v3 of mid 2026 (docs.tripo3d.ai: one endpoint for each way to make a model, `/files`, `/tasks/{id}`, codes in the envelope;
 * fields as its users send them, checked against several public clients, not against the service itself). A task goes on by one step each
 * time it is looked at: queued, running, ended.
 */
export class TripoStandIn extends StandInServer {
  readonly key = 'tsk_key_of_the_test';
  readonly tasks: TripoTask[] = [];
  readonly uploads = new Map<string, Buffer>();
  balance = 100;
  /** How tasks end. */
  ending: Record<string, unknown> | null = null;
  /** Where tasks stay. */
  hold: string | null = null;

  constructor(private readonly files: FilesStandIn) {
    super();
  }

  override reset(): void {
    super.reset();
    this.tasks.length = 0;
    Object.assign(this, { balance: 100, ending: null, hold: null });
  }

  protected async answer(heard: Heard): Promise<Reply> {
    const line = `${heard.method} ${heard.path}`;
    if (heard.headers.authorization !== `Bearer ${this.key}`) return refused(401, 1002);
    if (line === 'GET /v3/account/balance') return data({ balance: this.balance, frozen: 0 });
    if (line === 'POST /v3/files') return this.upload(heard);
    const [, kind] = /^POST \/v3\/generation\/(.+)$/.exec(line) ?? [];
    if (kind !== undefined && kind in fields) return this.created(kind, jsonOf(heard));
    const [, id] = /^GET \/v3\/tasks\/(.+)$/.exec(line) ?? [];
    const task = this.tasks.find((known) => known.id === id);
    return task ? this.looked(task) : refused(404, 2001);
  }

  private async upload(heard: Heard): Promise<Reply> {
    const file = (await formOf(heard)).get('file');
    if (!(file instanceof File)) return refused(400, 2003);
    const file_token = `token-of-${file.name}`;
    this.uploads.set(file_token, Buffer.from(await file.arrayBuffer()));
    return data({ file_token });
  }

  private created(kind: string, body: Record<string, unknown>): Reply {
    if (!this.isGood(kind, body)) return refused(400, 1004);
    if (this.balance <= 0) return refused(403, 2010);
    const id = `task-${this.tasks.length}`;
    this.tasks.push({ id, type: kind.replaceAll('-', '_'), body, status: 'queued', progress: 0 });
    this.balance -= 10;
    return data({ task_id: id, type: kind.replaceAll('-', '_'), status: 'queued' });
  }

  private isGood(kind: string, body: Record<string, unknown>): boolean {
    if (Object.keys(body).some((name) => !fields[kind]!.includes(name))) return false;
    if (typeof body.model !== 'string') return false;
    if (kind === 'text-to-model') return typeof body.prompt === 'string' && body.prompt.length <= 1024;
    if (kind === 'image-to-model') return this.uploads.has(body.input as string);
    const inputs = body.inputs as Record<string, string>[];
    const views = inputs.flatMap((input) => Object.keys(input));
    return (
      inputs.length >= 2 && views[0] === 'front' && inputs.every((input) => this.uploads.has(Object.values(input)[0]!))
    );
  }

  private looked(task: TripoTask): Reply {
    const { id, type, body } = task;
    if (task.status !== this.hold) Object.assign(task, this.next(task));
    const { status, progress } = task;
    const isDone = status === 'success';
    const output = isDone ? { model_url: this.files.addressOf(id) } : {};
    return data({
      task_id: id,
      type,
      input: body,
      status,
      progress,
      output,
      ...(isDone || status === 'running' ? {} : this.ending),
    });
  }

  private next({ status }: TripoTask): Partial<TripoTask> {
    if (status === 'queued') return { status: 'running', progress: 40 };
    return this.ending ?? { status: 'success', progress: 100 };
  }
}

const data = (json: object): Reply => ({ json: { code: 0, data: json } });

/** In its envelope; the HTTP status may be 200 as well. */
export const refused = (status: number, code: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  json: { code, message: 'secret words', suggestion: 'more of them' },
});
