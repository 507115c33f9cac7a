import type { BakedMesh } from '../scene/bake.js';
import { defaultMaterial, type Image, type Material } from '../scene/scene.js';
import type { Camera, Projected } from './camera.js';
import { loadTexture, type Texture } from './texture.js';

/** A material with its pictures decoded. */
export interface DrawnMaterial extends Material {
  baseColorTexture: Texture | null;
  metallicRoughnessTexture: Texture | null;
  normalTexture: Texture | null;
  occlusionTexture: Texture | null;
  emissiveTexture: Texture | null;
}

/** A mesh ready to be drawn. */
export interface DrawnMesh extends BakedMesh {
  material: DrawnMaterial;
  screen: Projected;
  /** Triangles of all meshes are counted through; this is the number of its first. */
  firstTriangle: number;
}

/** Projects meshes and decodes their pictures, each picture once. */
export async function drawnMeshes(meshes: BakedMesh[], camera: Camera): Promise<DrawnMesh[]> {
  const textures = new Map<Image, Promise<Texture>>();
  const textureOf = async (image: Image | null): Promise<Texture | null> => {
    if (!image) return null;
    const known = textures.get(image) ?? loadTexture(image, camera.samples);
    textures.set(image, known);
    return known;
  };
  const drawn: DrawnMesh[] = [];
  let firstTriangle = 0;
  for (const mesh of meshes) {
    const material = mesh.material ?? defaultMaterial;
    drawn.push({
      ...mesh,
      material: {
        ...material,
        baseColorTexture: await textureOf(material.baseColorImage),
        metallicRoughnessTexture: await textureOf(material.metallicRoughnessImage),
        normalTexture: await textureOf(material.normalImage),
        occlusionTexture: await textureOf(material.occlusionImage),
        emissiveTexture: await textureOf(material.emissiveImage),
      },
      screen: camera.project(mesh.positions),
      firstTriangle,
    });
    firstTriangle += mesh.indices.length / 3;
  }
  return drawn;
}
