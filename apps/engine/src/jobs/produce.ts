import {
  exportFbx,
  exportObj,
  finishModel,
  measureMesh,
  renderPreview,
  type Scene,
  sceneOf,
  validateGlb,
  writeGlb,
} from '#mesh';
import type { ArtifactReport, Job, JobOutput } from '#worker-contract';
import { generate, type Generated } from '../reference/generate.js';
import type { Progress } from './engine-process.js';
import { JobFailure } from './job-failure.js';
import { requestOf } from './request-of.js';
import { download, upload } from './transfer.js';

export interface Production {
  artifacts: ArtifactReport[];
  metrics: Record<string, number>;
}

/** Does one job from its inputs to its uploaded outputs. `progress` is called at every real step. */
export async function produce(job: Job, progress: Progress): Promise<Production> {
  const clock = new Stopwatch();
  progress('download', 1);
  const inputs = await Promise.all(job.inputs.map((input) => download(input)));
  const request = requestOf(job, inputs);
  const made = await generate(request, (stage, percent) => progress(stage, 2 + percent * 0.48));
  clock.lap('generate_ms');

  progress('finish', 50);
  await finishModel(made.document, {
    targetPolycount: request.params.target_polycount,
    textureResolution: request.params.texture_resolution,
  });
  sign(made);
  const glb = await writeGlb(made.document);
  clock.lap('finish_ms');

  progress('measure', 65);
  const scene = await sceneOf(made.document);
  const report = { ...(await reportOn(glb, scene)), ...made.provenance };
  clock.lap('measure_ms');

  const artifacts: ArtifactReport[] = [];
  for (const [index, output] of job.outputs.entries()) {
    progress(`export ${output.format}`, 70 + (25 * index) / job.outputs.length);
    const content = await render(output, glb, scene);
    artifacts.push(await upload(output, content, output.format === 'glb' ? report : undefined));
  }
  clock.lap('export_ms');
  return { artifacts, metrics: clock.laps };
}

/** The file says of itself what made it, so that nobody takes it for the work of a neural model. */
function sign({ document, provenance }: Generated): void {
  const asset = document.getRoot().getAsset();
  asset.generator = 'Lathe reference engine';
  asset.extras = { ...provenance };
}

async function reportOn(glb: Uint8Array, scene: Scene): Promise<Record<string, unknown>> {
  const { errors, warnings, messages } = await validateGlb(glb);
  if (errors > 0)
    throw new JobFailure('model_error', `The result is not valid glTF: ${messages[0]?.message ?? ''}`, false);
  return { ...measureMesh(scene), gltf_validator: { errors, warnings } };
}

function render({ format }: JobOutput, glb: Uint8Array, scene: Scene): Promise<Uint8Array> | Uint8Array {
  switch (format) {
    case 'glb':
      return glb;
    case 'obj.zip':
      return exportObj(scene);
    case 'fbx':
      return exportFbx(scene);
    case 'png':
      return renderPreview(scene, { size: 512 });
    default:
      throw new JobFailure('unsupported', `This engine does not write ${format}`, false);
  }
}

/** Milliseconds between laps. */
class Stopwatch {
  readonly laps: Record<string, number> = {};
  private last = performance.now();

  lap(name: string): void {
    const now = performance.now();
    this.laps[name] = Math.round(now - this.last);
    this.last = now;
  }
}
