import { arranged, type ExportOptions } from '../scene/arrange.js';
import { type BakedMesh, bakedMeshes } from '../scene/bake.js';
import type { Scene } from '../scene/scene.js';

const { sqrt } = Math;
const [headerBytes, countBytes, triangleBytes] = [80, 4, 50];
const millimetresPerMetre = 1000;

/**
 * Writes a binary STL: every triangle in world space with the normal of its plane, in millimetres, Z up unless told
 * otherwise, as slicers take it. The format knows no names, UVs, colours or materials. Triangles with two equal corners
 * are left out. Little endian, after the StereoLithography Interface Specification (3D Systems, 1989).
 */
export function exportStl(scene: Scene, options: ExportOptions = {}): Promise<Uint8Array> {
  const upAxis = options.upAxis ?? 'z';
  const meshes = [...bakedMeshes(arranged(scene, { ...options, upAxis }))];
  const capacity = meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  const bytes = Buffer.alloc(headerBytes + countBytes + capacity * triangleBytes);
  // a header that began with "solid" would be taken for the text format
  bytes.write(`Binary STL, millimetres, ${upAxis.toUpperCase()} up`, 'latin1');
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = headerBytes + countBytes;
  for (const mesh of meshes) at = writeTriangles(data, at, mesh);
  data.setUint32(headerBytes, (at - headerBytes - countBytes) / triangleBytes, true);
  return Promise.resolve(bytes.subarray(0, at));
}

function writeTriangles(data: DataView, from: number, { positions, indices }: BakedMesh): number {
  const corners = new Float32Array(9);
  let at = from;
  for (let i = 0; i < indices.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const vertex = 3 * indices[i + k]!;
      corners[3 * k] = positions[vertex]! * millimetresPerMetre + 0;
      corners[3 * k + 1] = positions[vertex + 1]! * millimetresPerMetre + 0;
      corners[3 * k + 2] = positions[vertex + 2]! * millimetresPerMetre + 0;
    }
    if (isDegenerate(corners)) continue;
    writeNormal(data, at, corners);
    for (let k = 0; k < 9; k++) data.setFloat32(at + 12 + 4 * k, corners[k]!, true);
    at += triangleBytes;
  }
  return at;
}

function isDegenerate(c: Float32Array): boolean {
  return (
    (c[0] === c[3] && c[1] === c[4] && c[2] === c[5]) ||
    (c[3] === c[6] && c[4] === c[7] && c[5] === c[8]) ||
    (c[6] === c[0] && c[7] === c[1] && c[8] === c[2])
  );
}

function writeNormal(data: DataView, at: number, c: Float32Array): void {
  const [ux, uy, uz] = [c[3]! - c[0]!, c[4]! - c[1]!, c[5]! - c[2]!];
  const [vx, vy, vz] = [c[6]! - c[0]!, c[7]! - c[1]!, c[8]! - c[2]!];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = sqrt(x * x + y * y + z * z) || 1;
  data.setFloat32(at, x / length + 0, true);
  data.setFloat32(at + 4, y / length + 0, true);
  data.setFloat32(at + 8, z / length + 0, true);
}
