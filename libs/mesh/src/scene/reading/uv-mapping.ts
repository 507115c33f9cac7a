import type { Material as GltfMaterial, Primitive as GltfPrimitive, TextureInfo } from '@gltf-transform/core';
import type { Transform } from '@gltf-transform/extensions';
import { finiteFloatsOf } from './accessor.js';

/** Which UV set a material reads and how it moves it (KHR_texture_transform). */
export interface UvMapping {
  set: number;
  offset: readonly [number, number];
  scale: readonly [number, number];
  /** Radians, counter-clockwise */
  rotation: number;
}

const plain: UvMapping = { set: 0, offset: [0, 0], scale: [1, 1], rotation: 0 };

/**
 * The mapping of a material's leading picture. The target formats know one UV set and no transforms, so that mapping is
 * applied to the UVs themselves; a material whose pictures disagree keeps the base colour right.
 */
export function uvMappingOf(material: GltfMaterial | null): UvMapping {
  const info = material && leadingTextureInfo(material);
  if (!info) return plain;
  const transform = info.getExtension<Transform>('KHR_texture_transform');
  return {
    set: transform?.getTexCoord() ?? info.getTexCoord(),
    offset: transform?.getOffset() ?? plain.offset,
    scale: transform?.getScale() ?? plain.scale,
    rotation: transform?.getRotation() ?? 0,
  };
}

function leadingTextureInfo(material: GltfMaterial): TextureInfo | null {
  return (
    material.getBaseColorTextureInfo() ??
    material.getNormalTextureInfo() ??
    material.getMetallicRoughnessTextureInfo() ??
    material.getEmissiveTextureInfo() ??
    material.getOcclusionTextureInfo()
  );
}

/**
 * The UVs of a primitive with the mapping applied. Rotation is counter-clockwise as one sees the picture, v pointing
 * down: the sense of the extension's text and of the Khronos sample viewer.
 */
export function mappedUvs(source: GltfPrimitive, { set, offset, scale, rotation }: UvMapping): Float32Array | null {
  const accessor = source.getAttribute(`TEXCOORD_${set}`) ?? source.getAttribute('TEXCOORD_0');
  if (!accessor) return null;
  const uvs = finiteFloatsOf(accessor);
  if (rotation === 0 && scale[0] === 1 && scale[1] === 1 && offset[0] === 0 && offset[1] === 0) return uvs;
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const moved = new Float32Array(uvs.length);
  for (let i = 0; i < uvs.length; i += 2) {
    const u = uvs[i]! * scale[0];
    const v = uvs[i + 1]! * scale[1];
    moved[i] = u * cos + v * sin + offset[0];
    moved[i + 1] = v * cos - u * sin + offset[1];
  }
  return moved;
}
