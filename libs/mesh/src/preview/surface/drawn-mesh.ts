import type { BakedMesh } from '../../scene/bake.js';
import { defaultMaterial, type Image, type Material } from '../../scene/scene.js';
import type { Projected } from '../camera.js';
import { loadTexture, type Texture } from './texture.js';

/** A material with its pictures decoded. */
export interface DressedMaterial extends Material {
  baseColorTexture: Texture | null;
  metallicRoughnessTexture: Texture | null;
  normalTexture: Texture | null;
  occlusionTexture: Texture | null;
  emissiveTexture: Texture | null;
  /** It has one of them. */
  textured: boolean;
}

/** A mesh that can be looked at from any side. */
export interface DressedMesh extends BakedMesh {
  material: DressedMaterial;
  /** Triangles of all meshes are counted through; this is the number of its first. */
  firstTriangle: number;
}

/** A mesh as one camera or lamp sees it. */
export interface DrawnMesh extends DressedMesh {
  screen: Projected;
}

/** Pixels all decoded pictures of a model may have together: 128 MiB. */
const texturePixels = 2 ** 25;

/** Decodes the pictures of meshes, each once and at most `side` pixels wide: finer detail could not be seen anyway. */
export async function dressed(meshes: BakedMesh[], side: number): Promise<DressedMesh[]> {
  const textures = new Map<Image, Promise<Texture>>();
  const widest = Math.min(side, Math.floor(Math.sqrt(texturePixels / Math.max(1, countImages(meshes)))));
  const textureOf = async (image: Image | null): Promise<Texture | null> => {
    if (!image) return null;
    const known = textures.get(image) ?? loadTexture(image, widest);
    textures.set(image, known);
    return known;
  };
  const result: DressedMesh[] = [];
  let firstTriangle = 0;
  for (const mesh of meshes) {
    result.push({ ...mesh, material: await withTextures(mesh.material ?? defaultMaterial, textureOf), firstTriangle });
    firstTriangle += mesh.indices.length / 3;
  }
  return result;
}

async function withTextures(
  material: Material,
  textureOf: (image: Image | null) => Promise<Texture | null>,
): Promise<DressedMaterial> {
  const [baseColorTexture, metallicRoughnessTexture, normalTexture, occlusionTexture, emissiveTexture] =
    await Promise.all(imagesOf(material).map(textureOf));
  const textures = {
    baseColorTexture: baseColorTexture ?? null,
    metallicRoughnessTexture: metallicRoughnessTexture ?? null,
    normalTexture: normalTexture ?? null,
    occlusionTexture: occlusionTexture ?? null,
    emissiveTexture: emissiveTexture ?? null,
  };
  return { ...material, ...textures, textured: Object.values(textures).some((texture) => texture !== null) };
}

const imagesOf = (material: Material): (Image | null)[] => [
  material.baseColorImage,
  material.metallicRoughnessImage,
  material.normalImage,
  material.occlusionImage,
  material.emissiveImage,
];

const countImages = (meshes: BakedMesh[]): number =>
  new Set(meshes.flatMap(({ material }) => (material ? imagesOf(material) : [])).filter((image) => image !== null))
    .size;

/** Finds the mesh a triangle of the whole picture belongs to. */
export class MeshFinder<M extends DressedMesh> {
  private last: M;

  constructor(private readonly meshes: M[]) {
    this.last = meshes[0]!;
  }

  of(triangle: number): M {
    const offset = triangle - this.last.firstTriangle;
    if (offset >= 0 && offset < this.last.indices.length / 3) return this.last;
    let low = 0;
    let high = this.meshes.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.meshes[middle]!.firstTriangle <= triangle) low = middle;
      else high = middle - 1;
    }
    this.last = this.meshes[low]!;
    return this.last;
  }
}
