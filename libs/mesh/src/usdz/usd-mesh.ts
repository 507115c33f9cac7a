import type { BakedMesh } from '../scene/bake.js';
import { boundsOf } from '../scene/bounds.js';
import { defaultMaterial } from '../scene/scene.js';
import type { TextBuffer } from '../text/text-buffer.js';
import { quoted } from './usd-names.js';

/** Decimals of normals, UVs and colours. */
const unitDecimals = 6;

interface Naming {
  prim: string;
  /** Path of the material it wears. */
  material: string;
  /** Decimals of positions. */
  decimals: number;
}

/**
 * A mesh prim ("UsdGeomMesh") in world space: triangles that are not subdivided, attributes per vertex, UVs upwards as
 * `primvars:st`, linear colours as `primvars:displayColor`.
 */
export function writeMesh(out: TextBuffer, mesh: BakedMesh, { prim, material, decimals }: Naming): void {
  const { positions, normals, uvs, colors, indices } = mesh;
  const sides = (mesh.material ?? defaultMaterial).doubleSided ? 1 : 0;
  const { min, max } = boundsOf([positions])!;
  out.text(`def Mesh "${prim}" (\nprepend apiSchemas = ["MaterialBindingAPI"]\n`);
  out.text(`displayName = ${quoted(mesh.name)}\n)\n{\nuniform bool doubleSided = ${sides}\n`);
  writeList(out, 'float3[] extent', Float32Array.from([...min, ...max]), 3, decimals);
  out.ascii('\n');
  writeCounts(out, indices.length / 3);
  writeIndices(out, indices);
  out.text(`rel material:binding = <${material}>\n`);
  writeList(out, 'point3f[] points', positions, 3, decimals);
  out.ascii('\nuniform token subdivisionScheme = "none"\n');
  if (normals) writeAttribute(out, 'normal3f[] normals', normals, 3);
  if (uvs) writeAttribute(out, 'texCoord2f[] primvars:st', upwards(uvs), 2);
  if (colors) writeAttribute(out, 'color3f[] primvars:displayColor', painted(mesh, colors), 3);
  out.ascii('}\n');
}

function writeAttribute(out: TextBuffer, name: string, values: Float32Array, size: number): void {
  writeList(out, name, values, size, unitDecimals);
  out.ascii(' (\ninterpolation = "vertex"\n)\n');
}

/** `name = [(x, y, z), …]` without the end of the line. */
// oxlint-disable-next-line max-params -- the innermost writer
function writeList(out: TextBuffer, name: string, values: Float32Array, size: number, decimals: number): void {
  out.text(`${name} = [`);
  for (let i = 0; i < values.length; i++) {
    const place = i % size;
    if (place > 0) out.ascii(', ');
    else out.ascii(i > 0 ? ', (' : '(');
    out.decimal(values[i]!, decimals);
    if (place === size - 1) out.ascii(')');
  }
  out.ascii(']');
}

function writeCounts(out: TextBuffer, triangles: number): void {
  out.ascii('int[] faceVertexCounts = [');
  for (let i = 0; i < triangles; i++) out.ascii(i > 0 ? ', 3' : '3');
  out.ascii(']\n');
}

function writeIndices(out: TextBuffer, indices: Uint32Array): void {
  out.ascii('int[] faceVertexIndices = [');
  for (let i = 0; i < indices.length; i++) {
    if (i > 0) out.ascii(', ');
    out.integer(indices[i]!);
  }
  out.ascii(']\n');
}

const upwards = (uvs: Float32Array): Float32Array => uvs.map((value, i) => (i % 2 === 1 ? 1 - value : value));

/** Vertex colours times the base colour: a connected colour replaces the one of the material. */
function painted({ material }: BakedMesh, colors: Float32Array): Float32Array {
  const [red, green, blue] = material?.baseColor ?? [1, 1, 1];
  const factors = [red, green, blue];
  return Float32Array.from({ length: (colors.length / 4) * 3 }, (_, i) => {
    return colors[4 * Math.floor(i / 3) + (i % 3)]! * factors[i % 3]!;
  });
}
