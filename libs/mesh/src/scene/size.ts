import { MeshError } from '../error.js';
import { meshNodes } from './bake.js';
import type { Scene } from './scene.js';

/** Triangles above which a format that unfolds every one of them into text or doubles is refused: about 500 MB. */
const maxWritten = 4_000_000;

/** Triangles a scene shows, instances counted. */
export function trianglesShown({ roots }: Scene): number {
  let triangles = 0;
  for (const { mesh } of meshNodes(roots)) {
    for (const { indices } of mesh.primitives) triangles += indices.length / 3;
  }
  return triangles;
}

/** Refuses (`too_large`) what would not fit in memory when it is written in that format. */
export function refuseTooLarge(scene: Scene, format: string): void {
  const triangles = trianglesShown(scene);
  if (triangles > maxWritten) throw new MeshError('too_large', `${triangles} triangles are too many for ${format}`);
}
