import type { ArtifactReport, Job } from '#worker-contract';
import { blamingTheInput, draftOf } from '../conversion/conversion.js';
import { deliver } from '../delivery/deliver.js';
import { deliveryOf } from '../delivery/delivery-options.js';
import type { Draft } from '../delivery/draft.js';
import { generate } from '../reference/generate.js';
import type { Progress } from './engine-process.js';
import { JobFailure } from './job-failure.js';
import { requestOf } from './request-of.js';
import { Stopwatch } from './stopwatch.js';
import { download } from './transfer.js';

export interface Production {
  artifacts: ArtifactReport[];
  metrics: Record<string, number>;
}

/** Does one job from its inputs to its uploaded outputs. `progress` is called at every real step. */
export async function produce(job: Job, progress: Progress): Promise<Production> {
  const clock = new Stopwatch();
  const work = job.operation === 'convert' ? converted(job, progress, clock) : generated(job, progress, clock);
  return { artifacts: await work, metrics: clock.laps };
}

async function generated(job: Job, progress: Progress, clock: Stopwatch): Promise<ArtifactReport[]> {
  const draft = await generation(job, progress);
  clock.lap('generate_ms');
  const { textureResolution = 1024, targetPolycount = 30_000, ...options } = deliveryOf(job);
  return deliver(draft, job.outputs, { ...options, textureResolution, targetPolycount }, { progress, clock });
}

async function converted(job: Job, progress: Progress, clock: Stopwatch): Promise<ArtifactReport[]> {
  progress('download', 1);
  const [glb] = await Promise.all(job.inputs.map((input) => download(input)));
  clock.lap('download_ms');
  progress('read', 20);
  try {
    const draft = await draftOf(glb);
    clock.lap('read_ms');
    return await deliver(draft, job.outputs, deliveryOf(job), { progress, clock });
  } catch (error) {
    throw blamingTheInput(error);
  }
}

/** The file says of itself what made it, so that nobody takes it for the work of a neural model. */
async function generation(job: Job, progress: Progress): Promise<Draft> {
  if (!job.operation.endsWith('_to_3d')) {
    throw new JobFailure('unsupported', `This engine cannot ${job.operation}`, false);
  }
  progress('download', 1);
  const inputs = await Promise.all(job.inputs.map((input) => download(input)));
  const { document, provenance } = await generate(requestOf(job, inputs), (stage, percent) =>
    progress(stage, 2 + percent * 0.48),
  );
  const asset = document.getRoot().getAsset();
  asset.generator = 'Lathe reference engine';
  asset.extras = { ...provenance };
  return { document, provenance: { ...provenance } };
}
