import { randomUUID } from 'node:crypto';
import { aGlb } from './a-glb.js';
import { type Heard, jsonOf, type Reply, StandInServer } from './stand-in.js';

/**
 * The stock server of Hunyuan3D-2: `api_server.py` of github.com/Tencent-Hunyuan/Hunyuan3D-2 at 9bcf302 (2025-06-23). Nothing is checked;
 * a job that fails, and one that was never sent, are "processing" for ever; only `<uid>.glb` is looked for; a text needs a pipeline that
 * is commented out, a texture one that only `--enable_tex` loads. Finished files survive a restart, jobs do not.
 */
export class Hunyuan3d2StandIn extends StandInServer {
  /** After so many looks at it a job is completed. */
  looks = 2;
  enableTex = true;
  glb = aGlb();
  private readonly files = new Map<string, Buffer>();
  private readonly threads = new Map<string, number>();

  /** How many jobs drive the one pipeline now, and how many did at the most. */
  get atOnce(): number {
    return this.threads.size;
  }
  mostAtOnce = 0;

  protected answer({ method, path, ...heard }: Heard): Reply {
    if (method === 'POST' && path === '/send') return this.send(jsonOf(heard));
    const uid = /^\/status\/([^/]+)$/.exec(path)?.[1];
    return uid && method === 'GET' ? this.status(uid) : { status: 404, json: { detail: 'Not Found' } };
  }

  /** Its process dies and is started again. */
  async restart(): Promise<void> {
    await this.stop();
    this.threads.clear();
    await this.start();
  }

  /** Lets what runs end at the next look. */
  finishSoon(): void {
    for (const uid of this.threads.keys()) this.threads.set(uid, 0);
  }

  private send({ image, texture, type = 'glb' }: Record<string, unknown>): Reply {
    const uid = randomUUID();
    const fails = typeof image !== 'string' || (texture === true && !this.enableTex);
    if (!fails && type === 'glb') this.threads.set(uid, this.looks);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    return { json: { uid } };
  }

  private status(uid: string): Reply {
    const left = this.threads.get(uid);
    if (left !== undefined) this.threads.set(uid, left - 1);
    if (left === 0) this.finish(uid);
    const file = this.files.get(uid);
    return { json: file ? { status: 'completed', model_base64: file.toString('base64') } : { status: 'processing' } };
  }

  private finish(uid: string): void {
    this.threads.delete(uid);
    this.files.set(uid, this.glb);
  }
}
