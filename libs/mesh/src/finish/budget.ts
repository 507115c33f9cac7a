import type { Document, Mesh as GltfMesh } from '@gltf-transform/core';
import type { InstancedMesh } from '@gltf-transform/extensions';
import { isTriangles } from './surface.js';

/** A mesh with its triangles and how often the scene shows it. */
export interface Shown {
  mesh: GltfMesh;
  triangles: number;
  times: number;
}

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
    .toSorted((a, b) => a.triangles * a.times - b.triangles * b.times);
}

export function trianglesOf(mesh: GltfMesh): number {
  return mesh
    .listPrimitives()
    .filter(isTriangles)
    .reduce((sum, one) => sum + (one.getIndices() ?? one.getAttribute('POSITION')!).getCount() / 3, 0);
}

/** A mesh this small is not worth decimating: it would lose its shape for nothing. */
const smallMesh = 24;

/**
 * Shares a number of triangles among meshes in proportion; small ones stay whole as long as there is room. What one of
 * them leaves goes to those after it.
 */
export class Budget {
  private shown: number;
  private readonly whole: number;

  constructor(
    private triangles: number,
    meshes: Shown[],
  ) {
    this.shown = meshes.reduce((sum, { triangles: own, times }) => sum + own * times, 0);
    const copies = meshes.reduce((sum, { times }) => sum + times, 0);
    this.whole = Math.min(smallMesh, triangles / 2 / Math.max(1, copies));
  }

  /** The triangles the next mesh may have. */
  shareOf({ triangles }: Shown): number {
    if (triangles <= this.whole) return triangles;
    return Math.min(triangles, Math.floor((this.triangles * triangles) / Math.max(1, this.shown)));
  }

  /** Books what the mesh came to have. */
  spend({ mesh, triangles, times }: Shown): void {
    this.triangles = Math.max(0, this.triangles - trianglesOf(mesh) * times);
    this.shown -= triangles * times;
  }
}
