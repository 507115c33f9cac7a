import { measureMesh, type Scene, validateGlb } from '#mesh';

/** A report is for people: so many textures say enough, and names of strangers may be anything. */
const mostTextures = 100;
const longestName = 100;
const longestText = 500;

/** The report on a model that the glTF validator found faults in. */
export class NotValid extends Error {
  override readonly name = 'NotValid';
}

/** Measurements of a model, with what the Khronos validator says of its uncompressed GLB. Throws `NotValid`. */
export async function qualityReport(glb: Uint8Array, scene: Scene): Promise<Record<string, unknown>> {
  const { errors, warnings, messages } = await validateGlb(glb);
  if (errors > 0) throw new NotValid(`The model is not valid glTF: ${messages[0]?.message ?? ''}`);
  const { textures, ...measured } = measureMesh(scene);
  return {
    ...measured,
    textures: textures
      .slice(0, mostTextures)
      .map(({ name, ...about }) => ({ name: plain(name).slice(0, longestName), ...about })),
    gltf_validator: { errors, warnings },
  };
}

/** The text of a stranger: not too long, and without what no contract takes. */
export const plain = (text: string): string =>
  text
    .slice(0, longestText)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
