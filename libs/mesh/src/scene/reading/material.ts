import type { Material as GltfMaterial, Texture } from '@gltf-transform/core';
import type { EmissiveStrength } from '@gltf-transform/extensions';
import type { Image, Material } from '../scene.js';

/** A glTF material as plain data; pictures are looked up among the scene's images. */
export function materialOf(source: GltfMaterial, index: number, images: ReadonlyMap<Texture, Image>): Material {
  const imageOf = (texture: Texture | null): Image | null => (texture && images.get(texture)) ?? null;
  const strength = source.getExtension<EmissiveStrength>('KHR_materials_emissive_strength')?.getEmissiveStrength() ?? 1;
  const [red, green, blue] = source.getEmissiveFactor();
  return {
    name: source.getName() || `material_${index}`,
    baseColor: source.getBaseColorFactor(),
    baseColorImage: imageOf(source.getBaseColorTexture()),
    metallic: source.getMetallicFactor(),
    roughness: source.getRoughnessFactor(),
    metallicRoughnessImage: imageOf(source.getMetallicRoughnessTexture()),
    normalImage: imageOf(source.getNormalTexture()),
    normalScale: source.getNormalScale(),
    occlusionImage: imageOf(source.getOcclusionTexture()),
    occlusionStrength: source.getOcclusionStrength(),
    emissive: [red * strength, green * strength, blue * strength],
    emissiveImage: imageOf(source.getEmissiveTexture()),
    alphaMode: source.getAlphaMode(),
    alphaCutoff: source.getAlphaCutoff(),
    doubleSided: source.getDoubleSided(),
  };
}
