import type { Surface } from '../reference/gltf.js';
import type { Description } from '../reference/prompt/prompt.js';
import { seeded } from '../reference/random.js';
import { metres } from '../reference/resized.js';
import { solidKernel, type Solid } from './kernel.js';
import { Kit } from './kit.js';
import { Paint } from './paint.js';
import { vary, type Part, type Shape } from './shape.js';

/** Edges between faces that differ by more than this many degrees stay sharp. */
const sharpEdge = { smooth: 40, lowPoly: 0.1 };
/** Shorter edges than this are melted away, in metres: nothing is lost that could be seen. */
const finest = 2e-5;

/** Builds a thing as a prompt describes it: one closed surface for each part. The same seed gives the same triangles. */
export async function modelled(build: Shape['build'], description: Description, seed: number): Promise<Surface[]> {
  const random = seeded(seed);
  const [, ...details] = description.phrases;
  const kit = new Kit(await solidKernel(), description.lowPoly ? 0.2 : 1);
  const proportions = {
    tall: vary(random, description.size.tall, 0.03),
    wide: vary(random, description.size.wide, 0.03),
  };
  const parts = build({ kit, random, paint: new Paint(description.look, details, random) });
  const placed = standing(parts, proportions, Math.min(metres.largest, metres.ordinary * description.size.scale));
  return placed.map((part) => surfaceOf(part, description.lowPoly ? sharpEdge.lowPoly : sharpEdge.smooth));
}

/** Stretches a thing, scales it to its size and stands it on the ground. */
function standing(parts: readonly Part[], { tall, wide }: { tall: number; wide: number }, size: number): Part[] {
  const stretched = parts.map((part) => ({ ...part, solid: part.solid.scale([wide, wide, tall]) }));
  const boxes = stretched.map(({ solid }) => solid.boundingBox());
  const low = [0, 1, 2].map((axis) => Math.min(...boxes.map(({ min }) => min[axis]!)));
  const high = [0, 1, 2].map((axis) => Math.max(...boxes.map(({ max }) => max[axis]!)));
  const scale = size / Math.max(...high.map((value, axis) => value - low[axis]!));
  const move = [-(low[0]! + high[0]!) / 2, -(low[1]! + high[1]!) / 2, -low[2]!] as [number, number, number];
  return stretched.map((part) => ({ ...part, solid: part.solid.translate(move).scale(scale).simplify(finest) }));
}

/** The triangles of a part, from the kit's axes (Z up) to glTF's (Y up). */
function surfaceOf({ name, solid, finish }: Part, sharp: number): Surface {
  const { vertProperties, numProp, triVerts } = withNormals(solid, sharp);
  const count = vertProperties.length / numProp;
  const [positions, normals] = [new Float32Array(3 * count), new Float32Array(3 * count)];
  for (let vertex = 0; vertex < count; vertex++) {
    const [x, y, z, nx, ny, nz] = vertProperties.subarray(
      vertex * numProp,
      vertex * numProp + 6,
    ) as unknown as number[];
    // adding 0 turns -0 into 0, which other readers would take for a different place
    positions.set([x! + 0, z! + 0, 0 - y!], 3 * vertex);
    const length = Math.hypot(nx!, ny!, nz!);
    normals.set(length > 0 ? [nx! / length + 0, nz! / length + 0, 0 - ny! / length] : [0, 1, 0], 3 * vertex);
  }
  return { name, positions, normals, triangles: Uint32Array.from(triVerts), finish };
}

function withNormals(solid: Solid, sharp: number): ReturnType<Solid['getMesh']> {
  return solid.calculateNormals(0, sharp).getMesh();
}
