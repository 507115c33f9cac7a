import { randomUUID } from 'node:crypto';
import { aGlb } from './a-glb.js';
import { formOf, type Heard, type Reply, StandInServer } from './stand-in.js';

interface Mesh {
  id: string;
  object: 'mesh';
  model: string;
  status: 'queued' | 'completed' | 'failed' | 'deleted';
  progress: number;
  format: string;
  url: string | null;
  file_path: string | null;
  error: { message: string } | null;
}

type Sampling = Record<string, string | number>;

/** Of the form; what is not here is ignored. */
const fields: Record<string, 'text' | 'whole' | 'real'> = {
  prompt: 'text',
  model: 'text',
  seed: 'whole',
  generator_device: 'text',
  guidance_scale: 'real',
  num_inference_steps: 'whole',
  negative_prompt: 'text',
  output_format: 'text',
};

/**
 * `/v1/meshes` of a server of SGLang: `python/sglang/multimodal_gen/runtime/entrypoints/openai/mesh_api.py` of
 * github.com/sgl-project/sglang at 1023e12. Fields that it does not have are ignored, of several pictures all but the first; there is no
 * status between queued and the end; deleting removes the record and stops nothing; records are in memory; the path of the file on its
 * disk is told.
 */
export class SglangStandIn extends StandInServer {
  /** After so many looks at it a mesh is made. */
  looks = 1;
  glb = aGlb();
  /** What comes of it: an error of the pipeline, or the address in the cloud that it is uploaded to. */
  end: { error: string } | { url: string } | null = null;
  /** What the pipeline was run with, run by run. */
  readonly runs: Sampling[] = [];
  private readonly meshes = new Map<string, Mesh & { looks: number }>();

  protected answer(heard: Heard): Reply | Promise<Reply> {
    const { method, path } = heard;
    if (path === '/v1/meshes') return method === 'POST' ? this.create(heard) : { json: { object: 'list', data: [] } };
    const [, id = '', content] = /^\/v1\/meshes\/([^/]+)(\/content)?$/.exec(path) ?? [];
    const mesh = this.meshes.get(id);
    if (!mesh) return { status: 404, json: { detail: 'Mesh not found' } };
    if (content) return this.contentOf(mesh);
    if (method === 'GET') return { json: this.seen(mesh) };
    this.meshes.delete(id);
    return { json: { ...mesh, status: 'deleted' } };
  }

  async restart(): Promise<void> {
    await this.stop();
    this.meshes.clear();
    await this.start();
  }

  private async create(heard: Heard): Promise<Reply> {
    const form = await formOf(heard);
    const image = form.get('image') ?? form.get('image[]');
    const sampling = samplingOf(form);
    if (!(image instanceof File)) return { status: 422, json: { detail: "Field 'image' or 'url' is required" } };
    if (sampling === null) return { status: 422, json: { detail: [{ loc: ['body', 'seed'], type: 'int_parsing' }] } };
    this.runs.push({ ...sampling, image: await image.text() });
    const id = randomUUID();
    const format = sampling['output_format'] === 'obj' ? 'obj' : 'glb';
    const file_path = `/srv/outputs/${id}.${format}`;
    const model = String(sampling['model'] ?? '');
    const status = 'queued' as const;
    const mesh = { id, object: 'mesh' as const, model, status, progress: 0, format, url: null, file_path, error: null };
    this.meshes.set(id, { ...mesh, looks: 0 });
    return { json: mesh };
  }

  private seen(mesh: Mesh & { looks: number }): Mesh {
    if (mesh.looks++ < this.looks) return mesh;
    if (this.end && 'error' in this.end)
      return Object.assign(mesh, { status: 'failed', error: { message: this.end.error } });
    const cloud = this.end ? { url: this.end.url, file_path: null } : {};
    return Object.assign(mesh, { status: 'completed', progress: 100 }, cloud);
  }

  private contentOf({ status, url }: Mesh): Reply {
    if (url) return { status: 400, json: { detail: `Please use the cloud URL: ${url}` } };
    if (status !== 'completed') return { status: 404, json: { detail: 'Generation is still in-progress' } };
    return { body: this.glb, headers: { 'content-type': 'model/gltf-binary' } };
  }
}

/** Null when a field is not of its type. */
function samplingOf(form: FormData): Sampling | null {
  const sampling: Sampling = {};
  for (const [name, type] of Object.entries(fields)) {
    const text = form.get(name);
    if (typeof text !== 'string') continue;
    const value = type === 'text' ? text : Number(text);
    if (Number.isNaN(value) || (type === 'whole' && !Number.isInteger(value))) return null;
    sampling[name] = value;
  }
  return sampling;
}
