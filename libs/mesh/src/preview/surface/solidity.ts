import type { DrawnMesh } from './drawn-mesh.js';
import { staggeredX, staggeredY } from './scan.js';
import { readTexture } from './texture.js';
import { Triangle } from './triangle.js';
import type { Solidity } from './visibility.js';

const { floor } = Math;

/** Alpha from which a place of a blended material hides what is behind it: many models are called blended and are not. */
export const opaque = 0.99;

/**
 * Which places of a mesh hide what is behind them, on a staggered grid of that width: `true` all, `false` none, else a
 * test for each.
 */
export function solidityOf(mesh: DrawnMesh, side: number): Solidity | boolean {
  const { material, colors, uvs } = mesh;
  if (material.alphaMode === 'OPAQUE') return true;
  const least = material.alphaMode === 'MASK' ? material.alphaCutoff : opaque;
  const factor = material.baseColor[3];
  const texture = uvs ? material.baseColorTexture : null;
  const changing = texture?.hasAlpha ? texture : null;
  if (factor < least) return false;
  if (!changing && !colors) return true;
  const at = new Triangle();
  const texel = new Float64Array(4);
  let selected = -1;
  return (sample, triangle) => {
    if (triangle !== selected) at.select(mesh, triangle);
    selected = triangle;
    const column = sample % side;
    const row = floor(sample / side);
    at.lookAt(staggeredX(column, row), staggeredY(column, row));
    let alpha = factor * (colors ? at.value(colors, 4, 3) : 1);
    if (changing) {
      readTexture(changing, at.value(uvs!, 2, 0), at.value(uvs!, 2, 1), at.detail(changing), texel);
      alpha *= texel[3]! / 255;
    }
    return alpha >= least;
  };
}
