import { fieldsOf, listOf, parsedJson } from '../../json.js';
import { glbHeadBytes, jsonEndOf } from '../../transports/server/glb-container.js';
import type { JsonFile } from '../json-file.js';

/** What is seen of a GLB at a glance; its real examination is the finishing engine's. */
export interface GlbLook {
  /** Whether it is as long as its header says: some servers show a file that they are still writing. */
  complete: boolean;
  /** Whether a material has a texture for its colour. */
  textured: boolean;
}

const cut: GlbLook = { complete: false, textured: false };

/** Null for what is no GLB of version 2, or one with more JSON than is read. */
export function lookAtGlb(file: JsonFile): GlbLook | null {
  const head = file.head(glbHeadBytes);
  if (head.length < glbHeadBytes) return 'glTF'.startsWith(head.toString('latin1', 0, 4)) ? cut : null;
  const size = head.readUInt32LE(8);
  const found = jsonEndOf(head, size);
  if ('fault' in found) return null;
  if (file.size < size) return cut;
  const json = parsedJson(file.head(found.end).toString('utf8', glbHeadBytes));
  return json === undefined ? null : { complete: true, textured: isTextured(fieldsOf(json)) };
}

function isTextured({ materials }: Readonly<Record<string, unknown>>): boolean {
  return listOf(materials).some((material) => {
    const { pbrMetallicRoughness, extensions } = fieldsOf(material);
    const specular = fieldsOf(extensions)['KHR_materials_pbrSpecularGlossiness'];
    return 'baseColorTexture' in fieldsOf(pbrMetallicRoughness) || 'diffuseTexture' in fieldsOf(specular);
  });
}
