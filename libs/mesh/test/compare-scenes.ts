import { bakedMeshes, type BakedMesh } from '../src/scene/bake.js';
import type { Scene } from '../src/scene/scene.js';
import { PositionIndex } from '../src/statistics/position-index.js';

/** How two scenes agree, triangle by triangle and corner by corner, in world space. */
export interface Agreement {
  triangles: number;
  otherTriangles: number;
  /** Triangles of the first scene found in the other at the same place with the same winding. */
  found: number;
  /** Corners of found triangles whose UVs were compared; likewise for normals and colours. */
  comparedUvs: number;
  comparedNormals: number;
  comparedColors: number;
  /** Greatest distance between UVs of one corner. */
  uvError: number;
  /** Greatest angle between normals of one corner, in degrees. */
  normalError: number;
  /** Greatest difference of a colour channel. */
  colorError: number;
  /** Triangles of the found ones that wear a material of another name. */
  otherMaterial: number;
}

interface Corner {
  mesh: BakedMesh;
  vertex: number;
}
type Triangle = [Corner, Corner, Corner];

/** Compares two scenes; corners closer than `tolerance` (per axis) are at the same place. */
export function compareScenes(scene: Scene, other: Scene, tolerance = 2e-5): Agreement {
  const [meshes, others] = [[...bakedMeshes(scene)], [...bakedMeshes(other)]];
  const vertices = [...meshes, ...others].reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const places = new PositionIndex(vertices, tolerance);
  const byKey = new Map<string, Triangle[]>();
  for (const { key, triangle } of triangles(others, places)) {
    const same = byKey.get(key);
    if (same) same.push(triangle);
    else byKey.set(key, [triangle]);
  }
  const agreement = empty();
  agreement.otherTriangles = count(others);
  for (const { key, triangle } of triangles(meshes, places)) {
    agreement.triangles++;
    const twin = byKey.get(key)?.shift();
    if (twin) compare(triangle, twin, agreement);
  }
  return agreement;
}

const count = (meshes: BakedMesh[]): number => meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0);

/** Every triangle, turned so that its smallest place comes first: winding is kept, the first corner does not matter. */
function* triangles(meshes: BakedMesh[], places: PositionIndex): Generator<{ key: string; triangle: Triangle }> {
  for (const mesh of meshes) {
    const { positions: p, indices } = mesh;
    const numbers = new Uint32Array(p.length / 3);
    for (let i = 0; i < numbers.length; i++) numbers[i] = places.add(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!);
    for (let i = 0; i < indices.length; i += 3) {
      const at = [numbers[indices[i]!]!, numbers[indices[i + 1]!]!, numbers[indices[i + 2]!]!];
      const first = at.indexOf(Math.min(...at));
      const order = [first, (first + 1) % 3, (first + 2) % 3];
      const triangle = order.map((k) => ({ mesh, vertex: indices[i + k]! })) as Triangle;
      yield { key: order.map((k) => at[k]).join(), triangle };
    }
  }
}

function compare(triangle: Triangle, twin: Triangle, result: Agreement): void {
  result.found++;
  if (triangle[0].mesh.material?.name !== twin[0].mesh.material?.name) result.otherMaterial++;
  for (const [k, corner] of triangle.entries()) {
    const [uv, otherUv] = both(corner, twin[k]!, 'uvs', 2);
    if (uv && otherUv) {
      result.comparedUvs++;
      result.uvError = Math.max(result.uvError, Math.hypot(uv[0]! - otherUv[0]!, uv[1]! - otherUv[1]!));
    }
    const [normal, otherNormal] = both(corner, twin[k]!, 'normals', 3);
    if (normal && otherNormal) {
      result.comparedNormals++;
      result.normalError = Math.max(result.normalError, angle(normal, otherNormal));
    }
    const [color, otherColor] = both(corner, twin[k]!, 'colors', 4);
    if (color && otherColor) {
      result.comparedColors++;
      const differences = [...color].map((value, channel) => Math.abs(value - otherColor[channel]!));
      result.colorError = Math.max(result.colorError, ...differences);
    }
  }
}

const both = (a: Corner, b: Corner, attribute: 'uvs' | 'normals' | 'colors', size: number) =>
  [a, b].map(({ mesh, vertex }) => mesh[attribute]?.subarray(size * vertex, size * (vertex + 1)));

function angle(a: Float32Array, b: Float32Array): number {
  const sine = Math.hypot(a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!);
  return (Math.atan2(sine, a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!) * 180) / Math.PI;
}

const empty = (): Agreement => ({
  triangles: 0,
  otherTriangles: 0,
  found: 0,
  comparedUvs: 0,
  comparedNormals: 0,
  comparedColors: 0,
  uvError: 0,
  normalError: 0,
  colorError: 0,
  otherMaterial: 0,
});
