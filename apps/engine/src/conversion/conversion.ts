import { MeshError, readGlb } from '#mesh';
import type { Draft } from '../delivery/draft.js';
import { NotValid, plain } from '../delivery/quality-report.js';
import { JobFailure } from '../jobs/job-failure.js';
import { assetOf, isOurs, provenanceIn } from './provenance.js';

/** The model of a GLB that is there already, of whatever origin. What it says of itself stays, but for who wrote the file. */
export async function draftOf(glb: Uint8Array | undefined): Promise<Draft> {
  if (!glb) throw new JobFailure('bad_input', 'The job has no model to convert', false);
  const document = await readGlb(glb);
  const asset = assetOf(glb);
  document.getRoot().getAsset().generator = isOurs(asset) ? plain(String(asset.generator)) : 'Lathe';
  return { document, provenance: provenanceIn(asset) };
}

/** Whatever keeps a given model from being delivered is in the model: trying again would not help. */
export function blamingTheInput(error: unknown): unknown {
  const isItsFault = error instanceof MeshError || error instanceof NotValid;
  return isItsFault ? new JobFailure('bad_input', error.message, false) : error;
}
