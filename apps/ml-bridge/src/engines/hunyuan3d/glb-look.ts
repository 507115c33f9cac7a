import { fieldsOf } from '../answers.js';
import type { JsonFile } from '../json-file.js';

/** What is seen of a GLB at a glance; its real examination is the finishing engine's. */
export interface GlbLook {
  /** Whether it is as long as its header says: some servers show a file that they are still writing. */
  complete: boolean;
  /** Whether a material has a texture for its colour. */
  textured: boolean;
}

const magic = 0x46546c67; // glTF 2.0, 4.4.2: "glTF", little endian
const headBytes = 20; // the header, and that of the JSON chunk, which comes first (4.4.3)

const cut: GlbLook = { complete: false, textured: false };

/** Null for what is no GLB of version 2. */
export function lookAtGlb(file: JsonFile): GlbLook | null {
  const head = file.head(headBytes);
  if (head.length < headBytes) return 'glTF'.startsWith(head.toString('latin1', 0, 4)) ? cut : null;
  if (head.readUInt32LE(0) !== magic || head.readUInt32LE(4) !== 2) return null;
  if (file.size < head.readUInt32LE(8)) return cut;
  const json = parsed(file.head(headBytes + head.readUInt32LE(12)).toString('utf8', headBytes));
  return json === null ? null : { complete: true, textured: isTextured(json) };
}

function isTextured({ materials }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(materials)) return false;
  return materials.some((material: unknown) => {
    const { pbrMetallicRoughness, extensions } = fieldsOf(material);
    const specular = fieldsOf(extensions)['KHR_materials_pbrSpecularGlossiness'];
    return 'baseColorTexture' in fieldsOf(pbrMetallicRoughness) || 'diffuseTexture' in fieldsOf(specular);
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null;
  }
}
