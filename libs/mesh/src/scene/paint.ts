import type { BakedMesh } from './bake.js';
import { toSrgb } from './colour.js';
import { defaultMaterial } from './scene.js';

/** Whether the vertices of a mesh have a colour of their own: stored ones, or that of a material without a picture. */
export function isPainted({ colors, material }: BakedMesh): boolean {
  return colors !== null || (material !== null && material.baseColorImage === null);
}

/**
 * The colour of a vertex as the number `0xRRGGBBAA`, encoded for the screen: vertex colour times base colour. Alpha is 255
 * unless the material is blended, for glTF ignores it there (glTF 2.0 §3.9.4).
 */
export function paintOf({ colors, material }: Pick<BakedMesh, 'colors' | 'material'>): (vertex: number) => number {
  const { baseColor, alphaMode } = material ?? defaultMaterial;
  // a shape with vertex colours and no material is not greyed by the neutral one
  const factor = material || !colors ? baseColor : [1, 1, 1, 1];
  const channel = (vertex: number, k: number): number => factor[k]! * (colors ? colors[4 * vertex + k]! : 1);
  const onScreen = (vertex: number, k: number): number => byte(toSrgb(channel(vertex, k)));
  return (vertex) => {
    const alpha = alphaMode === 'BLEND' ? byte(channel(vertex, 3)) : 255;
    return ((onScreen(vertex, 0) << 24) | (onScreen(vertex, 1) << 16) | (onScreen(vertex, 2) << 8) | alpha) >>> 0;
  };
}

const byte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));
