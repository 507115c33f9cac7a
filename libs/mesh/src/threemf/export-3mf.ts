import { arranged, type ExportOptions } from '../scene/arrange.js';
import { type BakedNode, bakedNodes } from '../scene/bake.js';
import type { Scene } from '../scene/scene.js';
import { refuseTooLarge } from '../scene/size.js';
import { decimalsFor } from '../text/decimals.js';
import { TextBuffer } from '../text/text-buffer.js';
import { zip } from '../zip/zip.js';
import { MeshError } from '../error.js';
import { writeObject } from './object.js';
import { packageOf } from './package.js';
import { Resources } from './resources.js';
import { xmlText } from './xml.js';

const millimetresPerMetre = 1000;
const coreNamespace = 'http://schemas.microsoft.com/3dmanufacturing/core/2015/02';
const materialsNamespace = 'http://schemas.microsoft.com/3dmanufacturing/material/2015/02';

/**
 * Writes a 3MF (Core Specification 1.3, Materials and Properties Extension 1.2): one object a node, in world space,
 * millimetres and Z up whatever is asked, vertices welded by position, triangles without area left out. Base colours,
 * base colour pictures (the factor multiplied in) and vertex colours survive; normals and other maps have no place in the
 * format. Equal scenes give equal bytes. Refuses a scene without a single triangle with an area (`no_geometry`).
 */
export async function export3mf(scene: Scene, { name = 'model', sizeMm }: ExportOptions = {}): Promise<Uint8Array> {
  refuseTooLarge(scene, 'a 3MF file');
  const nodes = [...bakedNodes(arranged(scene, { upAxis: 'z', sizeMm }))];
  const resources = new Resources();
  const decimals = decimalsFor(positionsOf(nodes), millimetresPerMetre);
  const body = new TextBuffer();
  const objects: number[] = [];
  for (const node of nodes) {
    const id = await writeObject(body, node, resources, decimals);
    if (id !== null) objects.push(id);
  }
  if (objects.length === 0) throw new MeshError('no_geometry', 'No triangle of the model has an area');
  return zip(packageOf(modelOf(name, resources, body, objects), resources.pictures.all()));
}

function* positionsOf(nodes: BakedNode[]): Generator<Float32Array> {
  for (const { parts } of nodes) for (const { positions } of parts) yield positions;
}

function modelOf(name: string, resources: Resources, body: TextBuffer, objects: number[]): Uint8Array {
  const head = new TextBuffer();
  head.text('<?xml version="1.0" encoding="UTF-8"?>\n');
  head.text(`<model unit="millimeter" xml:lang="en-US" xmlns="${coreNamespace}" xmlns:m="${materialsNamespace}">\n`);
  head.text(`<metadata name="Title">${xmlText(name)}</metadata>\n<resources>\n`);
  resources.writeMaterials(head);
  for (const { id, path, mediaType } of resources.pictures.all()) {
    head.ascii(`<m:texture2d id="${id}" path="/${path}" contenttype="${mediaType}"/>\n`);
  }
  const items = objects.map((id) => `<item objectid="${id}"/>`).join('\n');
  const tail = Buffer.from(`</resources>\n<build>\n${items}\n</build>\n</model>\n`);
  return Buffer.concat([head.toBytes(), body.toBytes(), tail]);
}
