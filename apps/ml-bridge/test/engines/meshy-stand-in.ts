import type { FilesStandIn } from './files-stand-in.js';
import { type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

type Kind = 'text-to-3d' | 'image-to-3d' | 'multi-image-to-3d';

/** A task at Meshy. */
export interface MeshyTask {
  id: string;
  kind: Kind;
  body: Record<string, unknown>;
  status: 'PENDING' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  progress: number;
}

const names: Record<Kind, string[]> = {
  'text-to-3d': ['mode', 'prompt', 'preview_task_id'],
  'image-to-3d': ['image_url', 'should_texture', 'image_enhancement'],
  'multi-image-to-3d': ['image_urls', 'should_texture', 'image_enhancement'],
};
const everywhere =
  'ai_model moderation target_formats should_remesh target_polycount topology pose_mode auto_size origin_at enable_pbr texture_prompt remove_lighting'.split(
    ' ',
  );

/**
 * Meshy, as docs.meshy.ai of mid 2026 (text-to-3d v2, image-to-3d and multi-image-to-3d v1, errors, rate limits) and the types of
 * meshy-dev/meshy-mcp-server at b2434a2 (src/types.ts, src/schemas/generation.ts). A task goes on by one step each time it is looked at:
 * waiting, half done, done.
 */
export class MeshyStandIn extends StandInServer {
  readonly key = 'msy-key-of-the-test';
  readonly tasks: MeshyTask[] = [];
  /** What everything costs is in here. */
  balance = 100;
  /** How the next tasks fail. */
  taskError: { type: string; code?: string } | null = null;
  /** Where tasks stay. */
  hold: 'PENDING' | 'IN_PROGRESS' | null = null;

  constructor(private readonly files: FilesStandIn) {
    super();
  }

  private gate = Promise.resolve();

  /** Takes orders, and does not answer them until it is opened. */
  shut(): { open: () => void } {
    let open = (): void => undefined;
    this.gate = new Promise((resolve) => (open = resolve));
    return { open };
  }

  override reset(): void {
    super.reset();
    this.tasks.length = 0;
    Object.assign(this, { balance: 100, taskError: null, hold: null });
  }

  protected async answer(heard: Heard): Promise<Reply> {
    const { method, path, headers } = heard;
    if (headers.authorization !== `Bearer ${this.key}`) return refused(401, 'Invalid API key: secret words');
    if (`${method} ${path}` === 'GET /openapi/v1/balance') return { json: { balance: this.balance } };
    const [, version, kind, id] =
      /^\/openapi\/(v[12])\/((?:multi-)?image-to-3d|text-to-3d)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (version !== (kind === 'text-to-3d' ? 'v2' : 'v1')) return refused(404, 'no such page');
    if (method === 'POST' && id === undefined) {
      await this.gate;
      return this.created(kind as Kind, jsonOf(heard));
    }
    const task = this.tasks.find((known) => known.id === id && known.kind === kind);
    if (!task) return refused(404, 'Task not found');
    return method === 'DELETE' ? this.deleted(task) : { json: this.looked(task) };
  }

  private created(kind: Kind, body: Record<string, unknown>): Reply {
    const fault = this.faultOf(kind, body);
    if (fault) return refused(400, fault);
    if (this.balance <= 0) return refused(402, 'Insufficient credits');
    const task: MeshyTask = { id: `0193-${this.tasks.length}`, kind, body, status: 'PENDING', progress: 0 };
    this.tasks.push(task);
    this.balance -= 10;
    return { status: 202, json: { result: task.id } };
  }

  private faultOf(kind: Kind, body: Record<string, unknown>): string | null {
    const unknown = Object.keys(body).find((name) => ![...names[kind], ...everywhere].includes(name));
    if (unknown !== undefined) return `unknown field ${unknown}`;
    const pictures = [body.image_url ?? [], body.image_urls ?? []].flat() as string[];
    if (pictures.some((picture) => !/^data:image\/(png|jpeg);base64,/.test(picture))) return 'invalid image';
    if (kind === 'multi-image-to-3d' && (pictures.length < 1 || pictures.length > 4)) return 'one to four images';
    if (
      kind === 'text-to-3d' &&
      body.mode === 'preview' &&
      (typeof body.prompt !== 'string' || body.prompt.length > 600)
    ) {
      return 'a prompt of at most 600 characters';
    }
    if (body.mode !== 'refine') return null;
    const preview = this.tasks.find(({ id }) => id === body.preview_task_id);
    return preview?.status === 'SUCCEEDED' ? null : 'the preview task has not succeeded';
  }

  private looked(task: MeshyTask): object {
    this.goOn(task);
    const { id, kind, body, status, progress } = task;
    const times = { created_at: 1_780_000_000_000, started_at: 0, finished_at: 0, expires_at: 1_780_300_000_000 };
    const ended = status === 'SUCCEEDED' ? { model_urls: { glb: this.files.addressOf(id) } } : {};
    const failed =
      status === 'FAILED' ? { task_error: { ...this.taskError, message: 'secret words', doc_url: '' } } : {};
    return {
      id,
      type: kind,
      prompt: body.prompt,
      status,
      progress,
      preceding_tasks: status === 'PENDING' ? 3 : 0,
      ...times,
      ...ended,
      ...failed,
    };
  }

  private goOn(task: MeshyTask): void {
    if (task.status === this.hold) return;
    if (task.status === 'IN_PROGRESS') {
      Object.assign(task, this.taskError ? { status: 'FAILED', progress: 0 } : { status: 'SUCCEEDED', progress: 100 });
    }
    if (task.status === 'PENDING') Object.assign(task, { status: 'IN_PROGRESS', progress: 50 });
  }

  /** For good, with everything that was made. */
  private deleted(task: MeshyTask): Reply {
    this.tasks.splice(this.tasks.indexOf(task), 1);
    return { json: {} };
  }
}

export const refused = (status: number, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  json: { message },
});
