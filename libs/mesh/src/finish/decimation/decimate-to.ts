import type { Document, Mesh as GltfMesh } from '@gltf-transform/core';
import type { Scene } from '../../scene/scene.js';
import { sceneOf } from '../../scene/reading/scene-of.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { putBack } from '../put-back.js';
import { surfaceOf } from '../surface.js';
import { showAsHull, showSceneAsHull } from './as-hull.js';
import { Budget, fewest, leastOf, type Shown, shownMeshes, shownTriangles, trianglesOf } from './budget.js';
import { decimated } from './decimate.js';
import { dropStrayNormals } from './drop-normals.js';
import { seenMeshes } from './seen.js';

/** With fewer triangles for each mesh it matters what of them is seen. */
const plenty = 100;
/** A mesh whose share of what is seen is less than that of so many triangles is not shown, as long as another one is. */
const leastSeen = 6;

/**
 * Reduces what the default scene shows to at most `target` triangles (4 or more), instances counted. Shapes, seams and
 * closed surfaces are kept as long as the target can be reached; then borders between meshes and small parts give way;
 * then meshes that are hardly seen; a mesh that resists all of it becomes its convex hull.
 */
export async function decimateTo(doc: Document, target: number): Promise<void> {
  const most = Math.max(fewest, Math.floor(target));
  if (shownTriangles(shownMeshes(doc)) <= most) return;
  const scene = await sceneOf(doc);
  const { meshes, weightOf } = chosen(doc, scene, most);
  if (leastOfAll(meshes) > most) return showSceneAsHull(doc, scene, most);
  const lockBorder = meshes.length > 1 && measureMesh(scene).watertight;
  const budget = new Budget(most, meshes, weightOf);
  for (const shown of meshes) {
    await decimateMesh(shown.mesh, budget.shareOf(shown), lockBorder);
    budget.spend(shown);
  }
  if (shownTriangles(shownMeshes(doc)) > most) await showSceneAsHull(doc, scene, most);
}

async function decimateMesh(mesh: GltfMesh, share: number, lockBorder: boolean): Promise<void> {
  if (trianglesOf(mesh) <= share) return;
  const surface = await decimated(surfaceOf(mesh), share, lockBorder);
  if (!surface) return showAsHull(mesh, share);
  dropStrayNormals(surface);
  putBack(surface);
}

interface Choice {
  meshes: Shown[];
  weightOf: (one: Shown) => number;
}

/** The meshes that stay, and what they deserve: in proportion to their triangles or, where those are few, to what is seen. */
function chosen(doc: Document, scene: Scene, most: number): Choice {
  const all = shownMeshes(doc);
  if (most >= plenty * all.reduce((sum, { times }) => sum + times, 0)) {
    return { meshes: all, weightOf: ({ triangles, times }) => triangles * times };
  }
  const seen = seenMeshes(scene);
  const places = new Map(
    doc
      .getRoot()
      .listMeshes()
      .map((mesh, index) => [mesh, seen.get(scene.meshes[index]!) ?? 0]),
  );
  const seenOf = ({ mesh }: Shown): number => 1 + (places.get(mesh) ?? 0);
  const meshes = all.toSorted((a, b) => seenOf(a) - seenOf(b));
  while (meshes.length > 1 && !suffices(most, meshes, seenOf)) hide(doc, meshes.shift()!.mesh);
  return { meshes, weightOf: (one) => Math.sqrt(seenOf(one) * one.triangles * one.times) };
}

/** Whether the least seen of the meshes, first in the list, is seen enough, and all get what they need. */
function suffices(most: number, meshes: Shown[], seenOf: (one: Shown) => number): boolean {
  const share = (most * seenOf(meshes[0]!)) / meshes.reduce((sum, one) => sum + seenOf(one), 0);
  return share >= leastSeen && leastOfAll(meshes) <= most;
}

const leastOfAll = (meshes: Shown[]): number => meshes.reduce((sum, one) => sum + leastOf(one), 0);

function hide(doc: Document, mesh: GltfMesh): void {
  for (const node of doc.getRoot().listNodes()) {
    if (node.getMesh() === mesh) node.setMesh(null).setExtension('EXT_mesh_gpu_instancing', null);
  }
}
