import { compressGlb, type Document, finishModel, type Scene, sceneOf, writeGlb } from '#mesh';
import type { ArtifactReport, JobOutput } from '#worker-contract';
import type { Progress } from '../jobs/engine-process.js';
import { JobFailure } from '../jobs/job-failure.js';
import type { Stopwatch } from '../jobs/stopwatch.js';
import { upload } from '../jobs/transfer.js';
import type { DeliveryOptions } from './delivery-options.js';
import type { Draft } from './draft.js';
import { writerOf } from './formats.js';
import { previewsOf } from './previews.js';
import { qualityReport } from './quality-report.js';
import { resizeTo } from './resize.js';

/** A model ready for delivery. */
interface Finished {
  document: Document;
  /** Of the document, as it is. */
  glb: Uint8Array;
  scene: Scene;
  report: Record<string, unknown>;
}

/**
 * Finishes a model, measures it and uploads it in every output of its job, one after the other, so that no more than one is in memory.
 * The report goes with the GLB or, where none was asked for, with the first model. `progress` is told from 50 % on.
 */
export async function deliver(
  draft: Draft,
  outputs: readonly JobOutput[],
  options: DeliveryOptions,
  { progress, clock }: { progress: Progress; clock: Stopwatch },
): Promise<ArtifactReport[]> {
  const { models, pictures } = sorted(outputs);
  const { report, ...finished } = await finish(draft, options, progress, clock);
  const reported = models.find(({ format }) => format === 'glb') ?? models[0];
  const artifacts: ArtifactReport[] = [];
  const step = (what: string): void => progress(what, 70 + (28 * artifacts.length) / (models.length + pictures.length));
  for (const output of models) {
    step(`export ${output.format}`);
    artifacts.push(
      await upload(output, await contentOf(output, finished, options), output === reported ? report : undefined),
    );
  }
  clock.lap('export_ms');
  step('preview');
  for (const [output, picture] of await previewsOf(finished.scene, pictures)) {
    artifacts.push(await upload(output, picture));
  }
  clock.lap('preview_ms');
  return artifacts;
}

/** Throws `unsupported` for an output that has to be there and that nothing here writes. */
function sorted(outputs: readonly JobOutput[]): { models: JobOutput[]; pictures: JobOutput[] } {
  const isPicture = ({ format }: JobOutput): boolean => format === 'png';
  const isModel = ({ format }: JobOutput): boolean => format === 'glb' || writerOf(format) !== undefined;
  const unknown = outputs.find((output) => output.required !== false && !isPicture(output) && !isModel(output));
  if (unknown) throw new JobFailure('unsupported', `This engine does not write ${unknown.format}`, false);
  return { models: outputs.filter(isModel), pictures: outputs.filter(isPicture) };
}

async function finish(
  { document, provenance }: Draft,
  { targetPolycount, textureResolution, sizeMm }: DeliveryOptions,
  progress: Progress,
  clock: Stopwatch,
): Promise<Finished> {
  progress('finish', 50);
  await finishModel(document, {
    ...(targetPolycount === undefined ? {} : { targetPolycount }),
    ...(textureResolution === undefined ? {} : { textureResolution }),
  });
  if (sizeMm !== undefined) await resizeTo(document, sizeMm / 1000);
  const glb = await writeGlb(document);
  clock.lap('finish_ms');
  progress('measure', 65);
  const scene = await sceneOf(document);
  const report = { ...(await qualityReport(glb, scene)), ...provenance };
  clock.lap('measure_ms');
  return { document, glb, scene, report };
}

async function contentOf(
  { format }: JobOutput,
  { document, glb, scene }: Omit<Finished, 'report'>,
  { upAxis, compression }: DeliveryOptions,
): Promise<Uint8Array> {
  if (format !== 'glb') return writerOf(format)!(scene, upAxis === undefined ? {} : { upAxis });
  return compression === 'none' ? glb : compressGlb(document, { compression, textures: 'webp' });
}
