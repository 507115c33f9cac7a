import { meshNodes } from '../../scene/bake.js';
import type { Matrix, Mesh, Scene } from '../../scene/scene.js';

const { ceil, hypot, max, min } = Math;

/** Pixels of the side of a picture: parts smaller than a fiftieth of the model do not count. */
const side = 64;
/** Triangles drawn from each side; of larger models only every so many. */
const mostDrawn = 500_000;

/** Along the axes and along the diagonals. */
const directions: [number, number, number][] = [-1, 0, 1]
  .flatMap((x) => [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((z): [number, number, number] => [x, y, z])))
  .filter((direction) => [1, 3].includes(direction.filter((value) => value !== 0).length));

/**
 * How much of every mesh is seen from outside: pixels in which it is foremost, over fourteen sides. What is hidden, or
 * tiny, is what a coarse model can do without.
 */
export function seenMeshes(scene: Scene): Map<Mesh, number> {
  const placed = [...meshNodes(scene.roots)].map(({ mesh, world }) => ({
    mesh,
    positions: placedPositions(mesh, world),
  }));
  const shown = placed.reduce((sum, { mesh }) => sum + trianglesOf(mesh), 0);
  const step = 3 * ceil(shown / mostDrawn);
  const seen = new Map(scene.meshes.map((mesh) => [mesh, 0]));
  for (const direction of directions) {
    const view = new View(
      direction,
      placed.flatMap(({ positions }) => positions),
    );
    for (const [owner, { mesh, positions }] of placed.entries()) {
      for (const [index, { indices }] of mesh.primitives.entries()) view.draw(positions[index]!, indices, step, owner);
    }
    for (const owner of view.owners) {
      if (owner >= 0) seen.set(placed[owner]!.mesh, seen.get(placed[owner]!.mesh)! + 1);
    }
  }
  return seen;
}

const trianglesOf = ({ primitives }: Mesh): number =>
  primitives.reduce((sum, { indices }) => sum + indices.length / 3, 0);

const placedPositions = ({ primitives }: Mesh, m: Matrix): Float32Array[] =>
  primitives.map(({ positions }) => {
    const placed = new Float32Array(positions.length);
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!];
      for (let k = 0; k < 3; k++) placed[i + k] = m[k]! * x + m[4 + k]! * y + m[8 + k]! * z + m[12 + k]!;
    }
    return placed;
  });

/** A picture from one side, parallel: which mesh is foremost in every pixel. */
class View {
  readonly owners = new Int32Array(side * side).fill(-1);
  private readonly depths = new Float64Array(side * side).fill(-Infinity);
  private readonly axes: [number, number, number][];
  private readonly origin: number[];
  private readonly scale: number;

  constructor(towards: [number, number, number], positions: Float32Array[]) {
    const [x, , z] = towards;
    const right: [number, number, number] = x === 0 && z === 0 ? [1, 0, 0] : [z, 0, -x];
    this.axes = [right, cross(towards, right), towards].map(unit);
    const [low, high] = [Infinity, -Infinity].map((value) => [value, value]) as [number[], number[]];
    for (const points of positions) {
      for (let i = 0; i < points.length; i += 3) {
        for (let k = 0; k < 2; k++) {
          const value = this.along(points, i, k);
          if (value < low[k]!) low[k] = value;
          if (value > high[k]!) high[k] = value;
        }
      }
    }
    this.origin = low;
    this.scale = (side - 1) / (max(high[0]! - low[0]!, high[1]! - low[1]!) || 1);
  }

  draw(points: Float32Array, indices: Uint32Array, step: number, owner: number): void {
    const corner = (vertex: number): [number, number, number] => [
      (this.along(points, 3 * vertex, 0) - this.origin[0]!) * this.scale,
      (this.along(points, 3 * vertex, 1) - this.origin[1]!) * this.scale,
      this.along(points, 3 * vertex, 2),
    ];
    for (let i = 0; i + 2 < indices.length; i += step) {
      this.fill(corner(indices[i]!), corner(indices[i + 1]!), corner(indices[i + 2]!), owner);
    }
  }

  private along(points: Float32Array, at: number, axis: number): number {
    const [x, y, z] = this.axes[axis]!;
    return points[at]! * x + points[at + 1]! * y + points[at + 2]! * z;
  }

  private fill([ax, ay, az]: number[], [bx, by, bz]: number[], [cx, cy, cz]: number[], owner: number): void {
    const area = (bx! - ax!) * (cy! - ay!) - (by! - ay!) * (cx! - ax!);
    if (!(area !== 0)) return;
    const bottom = min(side - 1, max(ay!, by!, cy!));
    const right = min(side - 1, max(ax!, bx!, cx!));
    for (let y = max(0, ceil(min(ay!, by!, cy!))); y <= bottom; y++) {
      for (let x = max(0, ceil(min(ax!, bx!, cx!))); x <= right; x++) {
        const b = ((x - ax!) * (cy! - ay!) - (y - ay!) * (cx! - ax!)) / area;
        const c = ((bx! - ax!) * (y - ay!) - (by! - ay!) * (x - ax!)) / area;
        if (b < 0 || c < 0 || b + c > 1) continue;
        const depth = az! + b * (bz! - az!) + c * (cz! - az!);
        const pixel = y * side + x;
        if (depth <= this.depths[pixel]!) continue;
        this.depths[pixel] = depth;
        this.owners[pixel] = owner;
      }
    }
  }
}

const cross = ([ax, ay, az]: number[], [bx, by, bz]: number[]): [number, number, number] => [
  ay! * bz! - az! * by!,
  az! * bx! - ax! * bz!,
  ax! * by! - ay! * bx!,
];

function unit(vector: [number, number, number]): [number, number, number] {
  const length = hypot(...vector);
  return vector.map((value) => value / length) as [number, number, number];
}
