// looked up once: Jest makes every use of a global costly
const { cos, PI, round, sin } = Math;

/** Arrays of one shape, as a glTF primitive holds them. */
export interface Shape {
  positions: Float32Array;
  normals: Float32Array;
  uvs: Float32Array;
  indices: Uint32Array;
}

/**
 * A globe of `around` × `down` quads with one UV chart; `radius` may depend on u and v. The two ends of its seam are
 * equal to the bit, the poles are single triangles: watertight.
 */
export function aGlobe(around: number, down: number, radius: (u: number, v: number) => number = () => 1): Shape {
  const vertices = (around + 1) * (down + 1);
  const [positions, normals] = [new Float32Array(3 * vertices), new Float32Array(3 * vertices)];
  const uvs = new Float32Array(2 * vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const i = vertex % (around + 1);
    const j = (vertex - i) / (around + 1);
    const [u, v] = [(i % around) / around, j / down];
    const ring = j === 0 || j === down ? 0 : sin(v * PI);
    const direction = [ring * cos(u * 2 * PI), cos(v * PI), ring * sin(u * 2 * PI)];
    const r = radius(u, v);
    for (let k = 0; k < 3; k++) positions[3 * vertex + k] = round(direction[k]! * r * 1e6) / 1e6;
    normals.set(direction, 3 * vertex);
    uvs.set([i / around, v], 2 * vertex);
  }
  return { positions, normals, uvs, indices: globeIndices(around, down) };
}

function globeIndices(around: number, down: number): Uint32Array {
  const indices = new Uint32Array(6 * around * (down - 1));
  let at = 0;
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < around; i++) {
      const a = j * (around + 1) + i;
      const below = a + around + 1;
      if (j > 0) indices.set([a, a + 1, below], at);
      if (j > 0) at += 3;
      if (j < down - 1) indices.set([a + 1, below + 1, below], at);
      if (j < down - 1) at += 3;
    }
  }
  return indices;
}

/** Of every side: its normal and the two edges that span it, counter-clockwise from outside. */
const boxSides = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [-1, 0, 0, 0, 0, 1, 0, 1, 0],
  [0, 1, 0, 0, 0, 1, 1, 0, 0],
  [0, -1, 0, 1, 0, 0, 0, 0, 1],
  [0, 0, 1, 1, 0, 0, 0, 1, 0],
  [0, 0, -1, 0, 1, 0, 1, 0, 0],
];

/** A unit cube about the origin, each side with its own normals and UVs; `sides` leaves sides away. */
export function aBox(sides = 6): Shape {
  const [positions, normals, uvs, indices]: number[][] = [[], [], [], []];
  for (const side of boxSides.slice(0, sides)) {
    const first = positions!.length / 3;
    for (const [s, t] of [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const) {
      for (let k = 0; k < 3; k++) positions!.push((side[k]! + side[3 + k]! * s + side[6 + k]! * t) / 2);
      normals!.push(...side.slice(0, 3));
      uvs!.push((s + 1) / 2, (1 - t) / 2);
    }
    indices!.push(first, first + 1, first + 2, first, first + 2, first + 3);
  }
  return shape(positions!, normals!, uvs!, indices!);
}

const shape = (positions: number[], normals: number[], uvs: number[], indices: number[]): Shape => ({
  positions: new Float32Array(positions),
  normals: new Float32Array(normals),
  uvs: new Float32Array(uvs),
  indices: new Uint32Array(indices),
});

/** The same shape with a small UV chart of its own for every triangle, as some unwrappers leave it: all seams. */
export function severed({ positions, normals, indices }: Shape): Shape {
  const side = Math.ceil(Math.sqrt(indices.length / 3));
  const corners = [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.1, 0.9],
  ];
  const [p, n, uvs]: number[][] = [[], [], []];
  for (const [corner, vertex] of indices.entries()) {
    const triangle = Math.floor(corner / 3);
    const [u, v] = corners[corner % 3]!;
    p!.push(...positions.subarray(3 * vertex, 3 * vertex + 3));
    n!.push(...normals.subarray(3 * vertex, 3 * vertex + 3));
    uvs!.push(((triangle % side) + u!) / side, (Math.floor(triangle / side) + v!) / side);
  }
  return shape(p!, n!, uvs!, [...indices.keys()]);
}
