import type { UpAxis } from '../scene/arrange.js';
import type { BakedMesh } from '../scene/bake.js';
import { toSrgb } from '../scene/colour.js';
import { safeName } from '../scene/names.js';
import { defaultMaterial } from '../scene/scene.js';
import { decimalsFor } from '../text/decimals.js';
import type { MaterialNames } from './mtl.js';
import { TextBuffer } from '../text/text-buffer.js';

const [space, slash, newline] = [32, 47, 10];
/** Decimals of values between 0 and 1: normals, UVs, colours. */
const unitDecimals = 6;

/** What the first lines of an OBJ file say. */
export interface ObjFrame {
  mtlFile: string;
  upAxis: UpAxis;
}

/**
 * The geometry of an OBJ file: one object a mesh, world space, per-vertex normals and UVs (v upwards). Vertex colours
 * follow the position as sRGB numbers, as MeshLab, Blender and three.js read them.
 */
export function objText(meshes: BakedMesh[], frame: ObjFrame, materials: MaterialNames): Uint8Array {
  const out = new TextBuffer();
  out.text(`# Wavefront OBJ, metres, ${frame.upAxis.toUpperCase()} up\nmtllib ${frame.mtlFile}\n`);
  const decimals = decimalsFor(meshes.map(({ positions }) => positions));
  const next = { position: 1, uv: 1, normal: 1 };
  for (const mesh of meshes) {
    out.text(`o ${safeName(mesh.name)}\n`);
    writeVertices(out, mesh, decimals);
    out.text(`usemtl ${materials.of(mesh.material ?? defaultMaterial)}\n`);
    writeFaces(out, mesh, next);
    next.position += mesh.positions.length / 3;
    if (mesh.uvs) next.uv += mesh.uvs.length / 2;
    if (mesh.normals) next.normal += mesh.normals.length / 3;
  }
  return out.toBytes();
}

function writeVertices(out: TextBuffer, { positions, uvs, normals, colors }: BakedMesh, decimals: number): void {
  for (let i = 0; i < positions.length / 3; i++) {
    out.character(118);
    writeNumbers(out, positions, 3 * i, 3, decimals);
    if (colors) {
      for (let k = 0; k < 3; k++) out.character(space).decimal(toSrgb(colors[4 * i + k]!), unitDecimals);
    }
    out.character(newline);
  }
  if (uvs) writeUvs(out, uvs);
  if (normals) writeNormals(out, normals);
}

function writeUvs(out: TextBuffer, uvs: Float32Array): void {
  for (let i = 0; i < uvs.length; i += 2) {
    out.character(118).character(116).character(space).decimal(uvs[i]!, unitDecimals);
    out
      .character(space)
      .decimal(1 - uvs[i + 1]!, unitDecimals)
      .character(newline);
  }
}

function writeNormals(out: TextBuffer, normals: Float32Array): void {
  for (let i = 0; i < normals.length; i += 3) {
    out.character(118).character(110);
    writeNumbers(out, normals, i, 3, unitDecimals);
    out.character(newline);
  }
}

function writeNumbers(out: TextBuffer, values: Float32Array, from: number, count: number, decimals: number): void {
  for (let k = from; k < from + count; k++) out.character(space).decimal(values[k]!, decimals);
}

/** A face corner is `v`, `v/vt`, `v//vn` or `v/vt/vn`, counted from 1 through the whole file. */
function writeFaces(
  out: TextBuffer,
  { indices, uvs, normals }: BakedMesh,
  next: { position: number; uv: number; normal: number },
): void {
  for (let i = 0; i < indices.length; i++) {
    if (i % 3 === 0) out.character(102);
    const vertex = indices[i]!;
    out.character(space).integer(vertex + next.position);
    if (uvs || normals) out.character(slash);
    if (uvs) out.integer(vertex + next.uv);
    if (normals) out.character(slash).integer(vertex + next.normal);
    if (i % 3 === 2) out.character(newline);
  }
}
