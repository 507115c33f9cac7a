import type { UpAxis } from '../scene/arrange.js';
import type { BakedMesh, BakedNode } from '../scene/bake.js';
import { toSrgb } from '../scene/colour.js';
import { safeName } from '../scene/names.js';
import { welded } from '../scene/places.js';
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
 * The geometry of an OBJ file: one object a node, world space, normals and UVs (v upwards) a corner. Equal positions are
 * one vertex, so that a mesh stays connected across its UV seams and its materials; only where vertices have colours they
 * stay apart. Colours follow the position as sRGB numbers, as MeshLab, Blender and three.js read them.
 */
export function objText(nodes: BakedNode[], frame: ObjFrame, materials: MaterialNames): Uint8Array {
  const out = new TextBuffer();
  out.text(`# Wavefront OBJ, metres, ${frame.upAxis.toUpperCase()} up\nmtllib ${frame.mtlFile}\n`);
  const decimals = decimalsFor(nodes.flatMap(({ parts }) => parts.map(({ positions }) => positions)));
  const next = { position: 1, uv: 1, normal: 1 };
  for (const { name, parts } of nodes) {
    out.text(`o ${safeName(name)}\n`);
    const { count, numbers } = writePositions(out, parts, decimals);
    for (const { uvs } of parts) if (uvs) writeUvs(out, uvs);
    for (const { normals } of parts) if (normals) writeNormals(out, normals);
    for (const [k, part] of parts.entries()) {
      out.text(`usemtl ${materials.of(part.material ?? defaultMaterial)}\n`);
      writeFaces(out, part, numbers[k]!, next);
      if (part.uvs) next.uv += part.uvs.length / 2;
      if (part.normals) next.normal += part.normals.length / 3;
    }
    next.position += count;
  }
  return out.toBytes();
}

/** Writes the vertices of an object. Gives back how many there are, and the number of every vertex of every part. */
function writePositions(
  out: TextBuffer,
  parts: BakedMesh[],
  decimals: number,
): { count: number; numbers: Uint32Array[] } {
  if (parts.some(({ colors }) => colors)) return writeColoured(out, parts, decimals);
  const { places, numbers } = welded(parts);
  const coordinates = places.coordinates(1);
  for (let i = 0; i < coordinates.length; i += 3) {
    out.character(118);
    writeNumbers(out, coordinates, i, 3, decimals);
    out.character(newline);
  }
  return { count: places.count, numbers };
}

function writeColoured(
  out: TextBuffer,
  parts: BakedMesh[],
  decimals: number,
): { count: number; numbers: Uint32Array[] } {
  let count = 0;
  const numbers = parts.map(({ positions, colors }) => {
    for (let i = 0; i < positions.length / 3; i++) {
      out.character(118);
      writeNumbers(out, positions, 3 * i, 3, decimals);
      for (let k = 0; k < 3; k++) {
        out.character(space).decimal(colors ? toSrgb(colors[4 * i + k]!) : 1, unitDecimals);
      }
      out.character(newline);
    }
    const first = count;
    count += positions.length / 3;
    return Uint32Array.from({ length: positions.length / 3 }, (_, i) => first + i);
  });
  return { count, numbers };
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

function writeNumbers(
  out: TextBuffer,
  values: Float32Array | Float64Array,
  from: number,
  count: number,
  decimals: number,
): void {
  for (let k = from; k < from + count; k++) out.character(space).decimal(values[k]!, decimals);
}

/** A face corner is `v`, `v/vt`, `v//vn` or `v/vt/vn`, counted from 1 through the whole file. */
function writeFaces(
  out: TextBuffer,
  { indices, uvs, normals }: BakedMesh,
  numbers: Uint32Array,
  next: { position: number; uv: number; normal: number },
): void {
  for (let i = 0; i < indices.length; i++) {
    if (i % 3 === 0) out.character(102);
    const vertex = indices[i]!;
    out.character(space).integer(numbers[vertex]! + next.position);
    if (uvs || normals) out.character(slash);
    if (uvs) out.integer(vertex + next.uv);
    if (normals) out.character(slash).integer(vertex + next.normal);
    if (i % 3 === 2) out.character(newline);
  }
}
