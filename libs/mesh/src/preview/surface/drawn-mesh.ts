import type { BakedMesh } from '../../scene/bake.js';
import { defaultMaterial, type Image, type Material } from '../../scene/scene.js';
import type { Camera, Projected } from '../camera.js';
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

/** Pixels all decoded pictures of a model may have together: 128 MiB. */
const texturePixels = 2 ** 25;

/** Projects meshes and decodes their pictures, each picture once. */
export async function drawnMeshes(meshes: BakedMesh[], camera: Camera): Promise<DrawnMesh[]> {
  const textures = new Map<Image, Promise<Texture>>();
  const side = Math.min(camera.samples, Math.floor(Math.sqrt(texturePixels / Math.max(1, countImages(meshes)))));
  const textureOf = async (image: Image | null): Promise<Texture | null> => {
    if (!image) return null;
    const known = textures.get(image) ?? loadTexture(image, side);
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

function countImages(meshes: BakedMesh[]): number {
  const images = meshes.flatMap(({ material }) => [
    material?.baseColorImage,
    material?.metallicRoughnessImage,
    material?.normalImage,
    material?.occlusionImage,
    material?.emissiveImage,
  ]);
  return new Set(images).size;
}

/** Finds the mesh a triangle of the whole picture belongs to. */
export class MeshFinder {
  private last: DrawnMesh;

  constructor(private readonly meshes: DrawnMesh[]) {
    this.last = meshes[0]!;
  }

  of(triangle: number): DrawnMesh {
    const offset = triangle - this.last.firstTriangle;
    if (offset >= 0 && offset < this.last.indices.length / 3) return this.last;
    let [low, high] = [0, this.meshes.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.meshes[middle]!.firstTriangle <= triangle) low = middle;
      else high = middle - 1;
    }
    this.last = this.meshes[low]!;
    return this.last;
  }
}
