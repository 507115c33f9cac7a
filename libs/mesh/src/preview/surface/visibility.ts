import { MeshError } from '../../error.js';
import type { DrawnMesh } from './drawn-mesh.js';
import { readTexture } from './texture.js';
import { Triangle } from './triangle.js';

/** Sample tests beyond which a picture is refused: a model of giant triangles behind each other would take minutes. */
const maxTests = 1e9;

/** Which triangle every sample of a square screen sees. */
export class Visibility {
  /** 1 / distance; 0 where nothing is seen. */
  readonly nearness: Float32Array;
  /** Triangle, counted through all meshes; −1 where nothing is seen. */
  readonly triangles: Int32Array;

  constructor(readonly samples: number) {
    this.nearness = new Float32Array(samples * samples);
    this.triangles = new Int32Array(samples * samples).fill(-1);
  }

  /** Draws a mesh; holes of a cut-out material stay open. */
  draw(mesh: DrawnMesh): void {
    const cutOut = mesh.material.alphaMode === 'MASK' ? cutOutTest(mesh) : null;
    scan(mesh, this.samples, (sample, nearness, triangle) => {
      if (nearness <= this.nearness[sample]!) return;
      if (cutOut && !cutOut(sample % this.samples, Math.floor(sample / this.samples), triangle)) return;
      this.nearness[sample] = nearness;
      this.triangles[sample] = mesh.firstTriangle + triangle;
    });
  }
}

/** Refuses a set of meshes that cover the screen too many times over. */
export function checkCost(meshes: DrawnMesh[], samples: number): void {
  let tests = 0;
  for (const { indices, screen } of meshes) {
    for (let i = 0; i + 2 < indices.length; i += 3) {
      const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
      const width =
        Math.max(screen.x[a]!, screen.x[b]!, screen.x[c]!) - Math.min(screen.x[a]!, screen.x[b]!, screen.x[c]!);
      const height =
        Math.max(screen.y[a]!, screen.y[b]!, screen.y[c]!) - Math.min(screen.y[a]!, screen.y[b]!, screen.y[c]!);
      tests += Math.min(width + 1, samples) * Math.min(height + 1, samples);
    }
  }
  if (tests > maxTests) throw new MeshError('too_large', 'The model covers the picture too many times over');
}

type Visit = (sample: number, nearness: number, triangle: number) => void;

/** Calls `visit` for every sample whose middle lies in a triangle of the mesh; triangles in the order given, if one is. */
export function scan(mesh: DrawnMesh, samples: number, visit: Visit, order?: Uint32Array): void {
  const { doubleSided } = mesh.material;
  const count = mesh.indices.length / 3;
  for (let i = 0; i < count; i++) scanTriangle(mesh, order ? order[i]! : i, samples, doubleSided, visit);
}

// oxlint-disable-next-line max-params -- innermost loop: an object per triangle would be garbage 200,000 times
function scanTriangle(mesh: DrawnMesh, triangle: number, samples: number, doubleSided: boolean, visit: Visit): void {
  const { indices, screen } = mesh;
  const [a, b, c] = [indices[3 * triangle]!, indices[3 * triangle + 1]!, indices[3 * triangle + 2]!];
  const [x0, y0, x1, y1, x2, y2] = [screen.x[a]!, screen.y[a]!, screen.x[b]!, screen.y[b]!, screen.x[c]!, screen.y[c]!];
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  if (area === 0 || (area > 0 && !doubleSided)) return;
  const left = Math.max(0, Math.ceil(Math.min(x0, x1, x2) - 0.5));
  const right = Math.min(samples - 1, Math.floor(Math.max(x0, x1, x2) - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1, y2) - 0.5));
  const bottom = Math.min(samples - 1, Math.floor(Math.max(y0, y1, y2) - 0.5));
  if (left > right || top > bottom) return;
  const inverse = 1 / area;
  // shares of the corners change by these from one sample to the next
  const [aRight, aDown] = [(y1 - y2) * inverse, (x2 - x1) * inverse];
  const [bRight, bDown] = [(y2 - y0) * inverse, (x0 - x2) * inverse];
  const [na, nb, nc] = [screen.nearness[a]!, screen.nearness[b]!, screen.nearness[c]!];
  for (let y = top; y <= bottom; y++) {
    const [dx, dy] = [left + 0.5 - x2, y + 0.5 - y2];
    let wa = dx * aRight + dy * aDown;
    let wb = dx * bRight + dy * bDown;
    for (let x = left; x <= right; x++, wa += aRight, wb += bRight) {
      const wc = 1 - wa - wb;
      if (wa >= 0 && wb >= 0 && wc >= 0) visit(y * samples + x, wa * na + wb * nb + wc * nc, triangle);
    }
  }
}

function cutOutTest(mesh: DrawnMesh): ((x: number, y: number, triangle: number) => boolean) | null {
  const { baseColorTexture: texture, baseColor, alphaCutoff } = mesh.material;
  const { uvs } = mesh;
  if (!texture || !uvs) return null;
  const at = new Triangle();
  const color = new Float64Array(4);
  let selected = -1;
  return (x, y, triangle) => {
    if (triangle !== selected) at.select(mesh, triangle);
    selected = triangle;
    at.lookAt(x + 0.5, y + 0.5);
    readTexture(texture, at.value(uvs, 2, 0), at.value(uvs, 2, 1), at.detail(texture), color);
    return (color[3]! / 255) * baseColor[3] >= alphaCutoff;
  };
}
