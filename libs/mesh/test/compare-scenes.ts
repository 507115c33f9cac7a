import { bakedMeshes, type BakedMesh } from '../src/scene/bake.js';
import type { Scene } from '../src/scene/scene.js';
import { PositionIndex } from '../src/statistics/position-index.js';

// looked up once: Jest makes every use of a global in a loop over a million corners cost more than the arithmetic
const { abs, atan2, imul, max, PI, sqrt } = Math;

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

/** Compares two scenes; corners closer than `tolerance` (per axis) are at the same place. */
export function compareScenes(scene: Scene, other: Scene, tolerance = 2e-5): Agreement {
  const [meshes, others] = [[...bakedMeshes(scene)], [...bakedMeshes(other)]];
  const vertices = [...meshes, ...others].reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const places = new PositionIndex(vertices, tolerance);
  const [triangles, twins] = [new Triangles(meshes, places), new Triangles(others, places)];
  const lookup = new TriangleLookup(twins);
  const agreement = { ...nothing, triangles: triangles.count, otherTriangles: twins.count };
  for (let t = 0; t < triangles.count; t++) {
    const twin = lookup.take(triangles, t);
    if (twin < 0) continue;
    agreement.found++;
    const [mesh, twinMesh] = [triangles.meshOf(t), twins.meshOf(twin)];
    if (mesh.material?.name !== twinMesh.material?.name) agreement.otherMaterial++;
    for (let k = 0; k < 3; k++) {
      compareCorner(mesh, triangles.vertices[3 * t + k]!, twinMesh, twins.vertices[3 * twin + k]!, agreement);
    }
  }
  return agreement;
}

/** What a faultless journey of so many triangles looks like; UVs and normals are there or they are not. */
export const unharmed = (triangles: number, { uvs = true, normals = true } = {}): Partial<Agreement> => ({
  triangles,
  otherTriangles: triangles,
  found: triangles,
  comparedUvs: uvs ? triangles * 3 : 0,
  comparedNormals: normals ? triangles * 3 : 0,
});

const nothing: Agreement = {
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
};

/** Every triangle, turned so that its smallest place comes first: winding is kept, the first corner does not matter. */
class Triangles {
  readonly count: number;
  /** Three a triangle, within its mesh. */
  readonly vertices: Uint32Array;
  /** Numbers of the places of the corners. */
  readonly places: Uint32Array;
  private readonly meshes: Uint32Array;

  constructor(
    private readonly list: BakedMesh[],
    index: PositionIndex,
  ) {
    this.count = list.reduce((sum, { indices }) => sum + indices.length / 3, 0);
    this.vertices = new Uint32Array(3 * this.count);
    this.places = new Uint32Array(3 * this.count);
    this.meshes = new Uint32Array(this.count);
    let triangle = 0;
    for (const [number, mesh] of list.entries()) {
      this.meshes.fill(number, triangle, triangle + mesh.indices.length / 3);
      triangle = this.add(mesh, index, triangle);
    }
  }

  meshOf(triangle: number): BakedMesh {
    return this.list[this.meshes[triangle]!]!;
  }

  private add({ positions: p, indices }: BakedMesh, index: PositionIndex, from: number): number {
    const numbers = new Uint32Array(p.length / 3);
    for (let i = 0; i < numbers.length; i++) numbers[i] = index.add(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!);
    let at = 3 * from;
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [numbers[indices[i]!]!, numbers[indices[i + 1]!]!, numbers[indices[i + 2]!]!];
      const first = a <= b && a <= c ? 0 : b <= c ? 1 : 2;
      for (let k = 0; k < 3; k++, at++) {
        this.vertices[at] = indices[i + ((first + k) % 3)]!;
        this.places[at] = numbers[this.vertices[at]!]!;
      }
    }
    return at / 3;
  }
}

/** Finds triangles by their places; each is given away once. */
class TriangleLookup {
  private readonly heads: Int32Array;
  private readonly next: Int32Array;

  constructor(private readonly triangles: Triangles) {
    this.heads = new Int32Array(1 << (32 - Math.clz32(2 * triangles.count + 16))).fill(-1);
    this.next = new Int32Array(triangles.count);
    for (let t = triangles.count - 1; t >= 0; t--) {
      const slot = this.slotOf(triangles.places, 3 * t);
      this.next[t] = this.heads[slot]!;
      this.heads[slot] = t;
    }
  }

  /** The first triangle left at the places of that one; -1 for none. */
  take({ places }: Triangles, triangle: number): number {
    const slot = this.slotOf(places, 3 * triangle);
    let before = -1;
    for (let t = this.heads[slot]!; t >= 0; before = t, t = this.next[t]!) {
      if (!this.same(places, 3 * triangle, 3 * t)) continue;
      if (before < 0) this.heads[slot] = this.next[t]!;
      else this.next[before] = this.next[t]!;
      return t;
    }
    return -1;
  }

  private same(places: Uint32Array, at: number, own: number): boolean {
    const { places: mine } = this.triangles;
    return places[at] === mine[own] && places[at + 1] === mine[own + 1] && places[at + 2] === mine[own + 2];
  }

  private slotOf(places: Uint32Array, at: number): number {
    const mixed = imul(places[at]!, 73856093) ^ imul(places[at + 1]!, 19349663) ^ imul(places[at + 2]!, 83492791);
    return (imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 7) & (this.heads.length - 1);
  }
}

// oxlint-disable-next-line max-params -- called for every corner
function compareCorner(a: BakedMesh, i: number, b: BakedMesh, j: number, result: Agreement): void {
  if (a.uvs && b.uvs) {
    const [u, v] = [a.uvs[2 * i]! - b.uvs[2 * j]!, a.uvs[2 * i + 1]! - b.uvs[2 * j + 1]!];
    result.comparedUvs++;
    result.uvError = max(result.uvError, sqrt(u * u + v * v));
  }
  if (a.normals && b.normals) {
    result.comparedNormals++;
    result.normalError = max(result.normalError, angle(a.normals, 3 * i, b.normals, 3 * j));
  }
  if (a.colors && b.colors) {
    result.comparedColors++;
    for (let k = 0; k < 4; k++) {
      result.colorError = max(result.colorError, abs(a.colors[4 * i + k]! - b.colors[4 * j + k]!));
    }
  }
}

function angle(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const [ax, ay, az] = [a[i]!, a[i + 1]!, a[i + 2]!];
  const [bx, by, bz] = [b[j]!, b[j + 1]!, b[j + 2]!];
  const [x, y, z] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return (atan2(sqrt(x * x + y * y + z * z), ax * bx + ay * by + az * bz) * 180) / PI;
}
