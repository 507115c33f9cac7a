import type { BakedMesh, BakedNode } from '../scene/bake.js';
import { type Places, welded } from '../scene/places.js';
import type { TextBuffer } from '../text/text-buffer.js';
import type { Look, Resources } from './resources.js';
import { xmlText } from './xml.js';

const { round } = Math;
const millimetresPerMetre = 1000;

/**
 * One node as an object (Core §4): its parts in one mesh, welded by position, for a slicer takes an object for closed only
 * when its triangles share vertices. Gives back the object's id, or `null` when no triangle has an area.
 */
export async function writeObject(
  out: TextBuffer,
  { name, parts }: BakedNode,
  resources: Resources,
  decimals: number,
): Promise<number | null> {
  // what the decimals of the file cannot tell apart is one vertex
  const unit = 10 ** decimals;
  const { places, numbers } = welded(parts, (metres) => round(metres * millimetresPerMetre * unit) / unit);
  if (!parts.some((part, k) => hasArea(part, numbers[k]!))) return null;
  const looks: Look[] = [];
  for (const part of parts) looks.push(await resources.lookOf(out, part));
  const id = resources.nextId();
  const entry = resources.materialEntry(parts[0]!.material);
  out.text(`<object id="${id}" type="model" name="${xmlText(name)}"`);
  out.ascii(` pid="${resources.materialGroup}" pindex="${entry}"><mesh><vertices>\n`);
  writeVertices(out, places, decimals);
  out.ascii('</vertices><triangles>\n');
  for (const [k, part] of parts.entries()) writeTriangles(out, part.indices, numbers[k]!, looks[k]!);
  out.ascii('</triangles></mesh></object>\n');
  return id;
}

function hasArea({ indices }: BakedMesh, numbers: Uint32Array): boolean {
  for (let i = 0; i < indices.length; i += 3) if (isTriangle(indices, i, numbers)) return true;
  return false;
}

/** Core §4.1.4.1: the three vertices of a triangle must be distinct. */
function isTriangle(indices: Uint32Array, i: number, numbers: Uint32Array): boolean {
  const [a, b, c] = [numbers[indices[i]!]!, numbers[indices[i + 1]!]!, numbers[indices[i + 2]!]!];
  return a !== b && b !== c && c !== a;
}

function writeVertices(out: TextBuffer, places: Places, decimals: number): void {
  const millimetres = places.coordinates(1);
  for (let i = 0; i < millimetres.length; i += 3) {
    out.ascii('<vertex x="').decimal(millimetres[i]!, decimals);
    out.ascii('" y="').decimal(millimetres[i + 1]!, decimals);
    out
      .ascii('" z="')
      .decimal(millimetres[i + 2]!, decimals)
      .ascii('"/>\n');
  }
}

function writeTriangles(out: TextBuffer, indices: Uint32Array, numbers: Uint32Array, { group, entryOf }: Look): void {
  for (let i = 0; i < indices.length; i += 3) {
    if (!isTriangle(indices, i, numbers)) continue;
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    const [first, second, third] = [entryOf(a), entryOf(b), entryOf(c)];
    out.ascii('<triangle v1="').integer(numbers[a]!);
    out.ascii('" v2="').integer(numbers[b]!);
    out.ascii('" v3="').integer(numbers[c]!);
    out.ascii('" pid="').integer(group);
    out.ascii('" p1="').integer(first);
    if (first !== second || second !== third) {
      out.ascii('" p2="').integer(second);
      out.ascii('" p3="').integer(third);
    }
    out.ascii('"/>\n');
  }
}
