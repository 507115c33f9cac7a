import type { Document, Mesh as GltfMesh } from '@gltf-transform/core';
import type { InstancedMesh } from '@gltf-transform/extensions';
import { isTriangles } from '../surface.js';

/** A mesh with its triangles and how often the scene shows it. */
export interface Shown {
  mesh: GltfMesh;
  triangles: number;
  times: number;
}

/** Less than four triangles enclose nothing. */
export const fewest = 4;

/** The meshes of the default scene, fewest triangles first. */
export function shownMeshes(doc: Document): Shown[] {
  const times = new Map<GltfMesh, number>();
  const scene = doc.getRoot().getDefaultScene() ?? doc.getRoot().listScenes()[0];
  scene?.traverse((node) => {
    const mesh = node.getMesh();
    const copies = node.getExtension<InstancedMesh>('EXT_mesh_gpu_instancing')?.listAttributes()[0]?.getCount() ?? 1;
    if (mesh) times.set(mesh, (times.get(mesh) ?? 0) + copies);
  });
  return [...times]
    .map(([mesh, count]) => ({ mesh, triangles: trianglesOf(mesh), times: count }))
    .filter(({ triangles }) => triangles > 0)
    .toSorted((a, b) => a.triangles * a.times - b.triangles * b.times);
}

export function trianglesOf(mesh: GltfMesh): number {
  return mesh
    .listPrimitives()
    .filter(isTriangles)
    .reduce((sum, one) => sum + (one.getIndices() ?? one.getAttribute('POSITION')!).getCount() / 3, 0);
}

/** Triangles a scene shows, instances counted. */
export const shownTriangles = (meshes: Shown[]): number =>
  meshes.reduce((sum, { triangles, times }) => sum + triangles * times, 0);

/** The least a mesh can be shown with, all its instances together. */
export const leastOf = ({ triangles, times }: Shown): number => Math.min(fewest, triangles) * times;

/** A mesh this small is not worth decimating: it would lose its shape for nothing. */
const smallMesh = 24;

/**
 * Shares a number of triangles among meshes by weight; small ones stay whole as long as there is room. What one of them
 * leaves goes to those after it, and what those need at least is kept for them.
 */
export class Budget {
  private readonly weights: Map<Shown, number>;
  private readonly whole: number;

  /** `weightOf`: how much of the triangles a mesh deserves, all its instances together. */
  constructor(
    private triangles: number,
    meshes: Shown[],
    weightOf: (one: Shown) => number,
  ) {
    this.weights = new Map(meshes.map((one) => [one, weightOf(one)]));
    const copies = meshes.reduce((sum, { times }) => sum + times, 0);
    this.whole = Math.min(smallMesh, triangles / 2 / Math.max(1, copies));
  }

  /** The triangles the next mesh may have: all of its own, or at least four. */
  shareOf(one: Shown): number {
    const { triangles, times } = one;
    const [all, others] = [...this.weights].reduce(
      ([sum, least], [each, weight]) => [sum + weight, each === one ? least : least + leastOf(each)],
      [0, 0],
    );
    const deserved =
      triangles <= this.whole ? triangles : (this.triangles * this.weights.get(one)!) / (all || 1) / times;
    return Math.min(triangles, Math.floor(Math.max(Math.min(deserved, (this.triangles - others) / times), fewest)));
  }

  /** Books what the mesh came to have. */
  spend(one: Shown): void {
    this.triangles -= trianglesOf(one.mesh) * one.times;
    this.weights.delete(one);
  }
}
