import { arranged, type ExportOptions } from '../scene/arrange.js';
import { type BakedMesh, bakedMeshes } from '../scene/bake.js';
import type { Scene } from '../scene/scene.js';
import { isPainted, paintOf } from '../scene/paint.js';

/** What the vertices of a file carry beside their positions. A format with one vertex list has it for all or none. */
interface Layout {
  normals: boolean;
  uvs: boolean;
  colours: boolean;
}

const [floatBytes, faceBytes] = [4, 13];

/**
 * Writes a binary little-endian PLY 1.0 (Turk, 1994) of one vertex list and one face list: world space, metres, Y up unless
 * told otherwise; normals, UVs (`s`, `t`, upwards, as Blender names them) and sRGB colours where the model has them. There
 * are no materials in PLY: where a material has no picture its base colour goes into the vertices.
 */
export function exportPly(scene: Scene, options: ExportOptions = {}): Promise<Uint8Array> {
  const meshes = [...bakedMeshes(arranged(scene, options))];
  const layout: Layout = {
    normals: meshes.every(({ normals }) => normals),
    uvs: meshes.some(({ uvs }) => uvs),
    colours: meshes.some(isPainted),
  };
  const vertices = meshes.reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const faces = meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  const header = Buffer.from(headerText(layout, vertices, faces, options), 'latin1');
  const bytes = Buffer.alloc(header.length + vertices * vertexBytes(layout) + faces * faceBytes);
  bytes.set(header);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = header.length;
  for (const mesh of meshes) at = writeVertices(data, at, mesh, layout);
  let first = 0;
  for (const { indices, positions } of meshes) {
    at = writeFaces(data, at, indices, first);
    first += positions.length / 3;
  }
  return Promise.resolve(bytes);
}

function headerText(
  { normals, uvs, colours }: Layout,
  vertices: number,
  faces: number,
  options: ExportOptions,
): string {
  const floats = ['x', 'y', 'z', ...(normals ? ['nx', 'ny', 'nz'] : []), ...(uvs ? ['s', 't'] : [])];
  const bytes = colours ? ['red', 'green', 'blue', 'alpha'] : [];
  const lines = [
    'ply',
    'format binary_little_endian 1.0',
    `comment metres, ${(options.upAxis ?? 'y').toUpperCase()} up`,
    `element vertex ${vertices}`,
    ...floats.map((name) => `property float ${name}`),
    ...bytes.map((name) => `property uchar ${name}`),
    `element face ${faces}`,
    'property list uchar int vertex_indices',
    'end_header',
  ];
  return `${lines.join('\n')}\n`;
}

function vertexBytes({ normals, uvs, colours }: Layout): number {
  return floatBytes * (3 + (normals ? 3 : 0) + (uvs ? 2 : 0)) + (colours ? 4 : 0);
}

function writeVertices(data: DataView, from: number, mesh: BakedMesh, layout: Layout): number {
  const { positions, normals, uvs } = mesh;
  const paint = layout.colours ? paintOf(mesh) : null;
  let at = from;
  const write = (value: number): void => {
    data.setFloat32(at, value, true);
    at += floatBytes;
  };
  for (let vertex = 0; vertex < positions.length / 3; vertex++) {
    for (let k = 0; k < 3; k++) write(positions[3 * vertex + k]!);
    if (layout.normals) for (let k = 0; k < 3; k++) write(normals![3 * vertex + k]!);
    if (layout.uvs) {
      write(uvs ? uvs[2 * vertex]! : 0);
      write(uvs ? 1 - uvs[2 * vertex + 1]! : 0);
    }
    if (paint) {
      data.setUint32(at, paint(vertex), false);
      at += 4;
    }
  }
  return at;
}

function writeFaces(data: DataView, from: number, indices: Uint32Array, first: number): number {
  let at = from;
  for (let i = 0; i < indices.length; i += 3) {
    data.setUint8(at, 3);
    for (let k = 0; k < 3; k++) data.setInt32(at + 1 + 4 * k, indices[i + k]! + first, true);
    at += faceBytes;
  }
  return at;
}
