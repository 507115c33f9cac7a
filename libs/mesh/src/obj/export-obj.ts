import { arranged, type ExportOptions } from '../scene/arrange.js';
import { bakedNodes } from '../scene/bake.js';
import { safeName } from '../scene/names.js';
import type { Scene } from '../scene/scene.js';
import { refuseTooLarge } from '../scene/size.js';
import { zip } from '../zip/zip.js';
import { MaterialNames, mtlText, TextureFiles } from './mtl.js';
import { objText } from './obj.js';

/** 200,000 triangles are 19 MB of text: level 3 packs them into 2.9 MB; higher ones need twice the time for 1 % less. */
const textLevel = 3;

/**
 * Writes a ZIP of `<name>.obj`, `<name>.mtl` and `textures/`. One object a node, in world space, metres, Y up unless
 * told otherwise; pictures are PNG or JPEG. Equal scenes give equal bytes. Refuses more than four million triangles
 * (`too_large`).
 */
export async function exportObj(scene: Scene, options: ExportOptions = {}): Promise<Uint8Array> {
  refuseTooLarge(scene, 'an OBJ file');
  const { name = 'model', upAxis = 'y' } = options;
  const stem = safeName(name, 'model');
  const materials = new MaterialNames();
  const textures = new TextureFiles(stem);
  const obj = objText([...bakedNodes(arranged(scene, options))], { mtlFile: `${stem}.mtl`, upAxis }, materials);
  const mtl = await mtlText(materials, textures);
  return zip([
    { name: `${stem}.obj`, data: obj, deflate: textLevel },
    { name: `${stem}.mtl`, data: Buffer.from(mtl), deflate: textLevel },
    ...Array.from(textures.files, ([path, data]) => ({ name: path, data })),
  ]);
}
