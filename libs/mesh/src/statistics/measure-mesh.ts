import { type BakedMesh, bakedMeshes, meshNodes } from '../scene/bake.js';
import { defaultMaterial, type Material, type Primitive, type Scene } from '../scene/scene.js';
import { countEdges } from './edges.js';
import { partsOf } from './parts.js';
import { boundsOf } from '../scene/bounds.js';
import { PositionIndex, relativeTolerance } from './position-index.js';
import { measureUvs } from './uv-layout.js';

const { sqrt } = Math;

/** What a material uses a texture for, in the words of glTF. */
export type TextureSlot = 'base_color' | 'metallic_roughness' | 'normal' | 'occlusion' | 'emissive';

/** A picture of a model. */
export interface TextureStatistics {
  name: string;
  /** Pixels */
  width: number;
  /** Pixels */
  height: number;
  media_type: string;
  /** What materials use it for; empty for a picture that none uses. */
  slots: TextureSlot[];
}

/**
 * Measurements of a whole model in world space; lengths in metres as glTF has them. Part of the public API as a task's
 * `quality_report`.
 */
export interface MeshStatistics {
  /** As drawn: a mesh shown twice counts twice. */
  triangles: number;
  /** As stored for drawing: a corner with two normals or UVs counts twice. */
  vertices: number;
  /** Pieces that do not touch. */
  parts: number;
  /** Every edge belongs to exactly two triangles that face the same way: the model encloses a volume. */
  watertight: boolean;
  /** Edges of one triangle only: rims of holes. */
  open_edges: number;
  /** Edges of three triangles or more. */
  non_manifold_edges: number;
  /**
   * Enclosed volume in m³; parts that overlap count twice. Of a model that is not watertight it is no more than a
   * guess: the volume as if every hole were closed towards the lowest corner of the bounds.
   */
  volume: number;
  /** m², both the outside and what lies hidden inside */
  area: number;
  /** Lowest and highest x, y, z. */
  bounds: { min: number[]; max: number[] };
  /** Different materials in use. */
  materials: number;
  /**
   * Share of the texture space, the unit square of every material with UVs, that the model uses, 0–1. `null` without
   * UVs, and where they repeat a picture thousands of times. A mesh shown twice counts once.
   */
  uv_coverage: number | null;
  /** Share of the used texture space that several triangles use, as mirrored halves do, 0–1. */
  uv_overlap: number | null;
  textures: TextureStatistics[];
}

/** Measures a scene. Positions closer than a millionth of the diagonal count as one; 200,000 triangles take 0.2 s. */
export function measureMesh(scene: Scene): MeshStatistics {
  const meshes = [...bakedMeshes(scene)];
  const bounds = boundsOf(meshes.map(({ positions }) => positions)) ?? { min: [0, 0, 0], max: [0, 0, 0], diagonal: 0 };
  const { corners, positions } = joined(meshes, bounds.diagonal);
  const edges = countEdges(corners);
  const { area, volume } = areaAndVolume(meshes, bounds.min);
  const uvs = measureUvs(byMaterial(scene));
  return {
    triangles: corners.length / 3,
    vertices: meshes.reduce((sum, mesh) => sum + mesh.positions.length / 3, 0),
    parts: new Set(partsOf(corners, positions)).size,
    watertight: corners.length > 0 && edges.open + edges.nonManifold + edges.flipped === 0,
    open_edges: edges.open,
    non_manifold_edges: edges.nonManifold,
    volume,
    area,
    bounds: { min: bounds.min, max: bounds.max },
    materials: new Set(meshes.map(({ material }) => material ?? defaultMaterial)).size,
    uv_coverage: uvs && uvs.coverage,
    uv_overlap: uvs && uvs.overlap,
    textures: texturesOf(scene),
  };
}

/** The surfaces of every material, as the model stores them: once, however often they are shown. */
function byMaterial(scene: Scene): Iterable<Primitive[]> {
  const shown = new Set(Array.from(meshNodes(scene.roots), ({ mesh }) => mesh));
  const surfaces = new Map<Material | null, Primitive[]>();
  for (const { primitives } of shown) {
    for (const primitive of primitives) {
      const alike = surfaces.get(primitive.material) ?? [];
      surfaces.set(primitive.material, alike);
      alike.push(primitive);
    }
  }
  return surfaces.values();
}

const slots = [
  ['base_color', 'baseColorImage'],
  ['metallic_roughness', 'metallicRoughnessImage'],
  ['normal', 'normalImage'],
  ['occlusion', 'occlusionImage'],
  ['emissive', 'emissiveImage'],
] as const;

const texturesOf = ({ images, materials }: Scene): TextureStatistics[] =>
  images.map((image) => ({
    name: image.name,
    width: image.width,
    height: image.height,
    media_type: image.mediaType,
    slots: slots.filter(([, key]) => materials.some((material) => material[key] === image)).map(([slot]) => slot),
  }));

/** All triangles as corners that share a number where they share a place. */
function joined(meshes: BakedMesh[], diagonal: number): { corners: Uint32Array; positions: number } {
  const vertices = meshes.reduce((sum, mesh) => sum + mesh.positions.length / 3, 0);
  const index = new PositionIndex(vertices, (diagonal || 1) * relativeTolerance);
  const corners = new Uint32Array(meshes.reduce((sum, mesh) => sum + mesh.indices.length, 0));
  let corner = 0;
  for (const { positions, indices } of meshes) {
    const numbers = new Uint32Array(positions.length / 3);
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = index.add(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!);
    }
    for (let i = 0; i < indices.length; i++) corners[corner++] = numbers[indices[i]!]!;
  }
  return { corners, positions: index.size };
}

/** Volume by the divergence theorem, about a corner of the bounds so that large offsets do not cost digits. */
function areaAndVolume(meshes: BakedMesh[], origin: number[]): { area: number; volume: number } {
  let [doubleArea, sixVolumes] = [0, 0];
  const [ox, oy, oz] = origin as [number, number, number];
  for (const { positions: p, indices } of meshes) {
    for (let i = 0; i + 2 < indices.length; i += 3) {
      const [a, b, c] = [3 * indices[i]!, 3 * indices[i + 1]!, 3 * indices[i + 2]!];
      const [ax, ay, az] = [p[a]! - ox, p[a + 1]! - oy, p[a + 2]! - oz];
      const [ux, uy, uz] = [p[b]! - ox - ax, p[b + 1]! - oy - ay, p[b + 2]! - oz - az];
      const [vx, vy, vz] = [p[c]! - ox - ax, p[c + 1]! - oy - ay, p[c + 2]! - oz - az];
      const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
      doubleArea += sqrt(nx * nx + ny * ny + nz * nz);
      sixVolumes += ax * nx + ay * ny + az * nz;
    }
  }
  return { area: doubleArea / 2, volume: sixVolumes / 6 };
}
