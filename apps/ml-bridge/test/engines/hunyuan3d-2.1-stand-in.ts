import { randomUUID } from 'node:crypto';
import { aGlb } from './a-glb.js';
import { type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

type Numbers = [least: number, most: number];

/** Of `GenerationRequest`; a boolean where there are no bounds. */
const fields: Record<string, Numbers | 'boolean' | 'string'> = {
  image: 'string',
  remove_background: 'boolean',
  texture: 'boolean',
  seed: [0, 2 ** 32 - 1],
  octree_resolution: [64, 512],
  num_inference_steps: [1, 20],
  guidance_scale: [0.1, 20],
  num_chunks: [1000, 20_000],
  face_count: [1000, 100_000],
};

/**
 * The stock server of Hunyuan3D-2.1: `api_server.py`, `api_models.py` and `model_worker.py` of github.com/Tencent-Hunyuan/Hunyuan3D-2.1 at
 * 82920d6 (2025-10-17). Nine fields are checked, one is used; painting is always tried, and when it fails the job is "texturing" for ever;
 * every start has a new `worker_id`, and deletes all files.
 */
export class Hunyuan3d21StandIn extends StandInServer {
  /** After so many looks at it a job has its shape, after as many again its texture. */
  looks = 1;
  painting: 'works' | 'fails' | 'is skipped by a fork' = 'works';
  shaping: 'works' | 'fails' = 'works';
  private workerId = newId();
  private readonly jobs = new Map<string, { looks: number }>();

  protected answer({ method, path, ...heard }: Heard): Reply {
    if (path === '/health') return { json: { status: 'healthy', worker_id: this.workerId } };
    if (method === 'POST' && path === '/send') return this.send(jsonOf(heard));
    const uid = /^\/status\/([^/]+)$/.exec(path)?.[1];
    return uid ? this.status(uid) : { status: 404, json: { detail: 'Not Found' } };
  }

  async restart(): Promise<void> {
    await this.stop();
    this.jobs.clear();
    this.workerId = newId();
    await this.start();
  }

  private send(body: Record<string, unknown>): Reply {
    const wrong = Object.keys(fields).find((name) => !fits(name, body[name]));
    if (wrong) return { status: 422, json: { detail: [{ loc: ['body', wrong], msg: 'wrong', type: 'value_error' }] } };
    const uid = randomUUID();
    this.jobs.set(uid, { looks: 0 });
    return { json: { uid } };
  }

  private status(uid: string): Reply {
    const job = this.jobs.get(uid);
    if (!job || this.shaping === 'fails' || job.looks++ < this.looks) return { json: { status: 'processing' } };
    if (this.painting === 'fails' || job.looks <= 2 * this.looks) return { json: { status: 'texturing' } };
    const glb = aGlb({ textured: this.painting === 'works' });
    return { json: { status: 'completed', model_base64: glb.toString('base64') } };
  }
}

function fits(name: string, value: unknown): boolean {
  const rule = fields[name];
  if (value === undefined) return name !== 'image';
  if (!Array.isArray(rule)) return typeof value === rule;
  return typeof value === 'number' && value >= rule[0] && value <= rule[1];
}

const newId = (): string => randomUUID().slice(0, 6);
