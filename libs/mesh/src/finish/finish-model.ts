import { type Document, Logger, type Primitive as GltfPrimitive } from '@gltf-transform/core';
import { convertPrimitiveToTriangles, dequantize, prune, weldPrimitive } from '@gltf-transform/functions';
import { finiteFloatsOf } from '../scene/reading/accessor.js';
import { closeSeams } from './close-seams.js';
import { decimateTo } from './decimation/decimate-to.js';
import { completeNormals } from './normals.js';
import { putBack } from './put-back.js';
import { isTriangles, surfaceOf } from './surface.js';
import { shrinkTextures } from './textures.js';

export interface FinishOptions {
  /**
   * Most triangles the finished model may show, instances counted; at least 4. It is never exceeded: what cannot be kept
   * within it gives way, parts that are hardly seen first. Left out: as many as it has.
   */
  targetPolycount?: number;
  /** Longest side of a picture in pixels. Left out: pictures stay as they are. */
  textureResolution?: number;
}

/**
 * Makes a raw model fit for delivery, in place: seams closed to the bit, equal vertices welded, decimated to the budget
 * (what was watertight stays watertight), normals added where missing, pictures shrunk, leftovers removed. The result is
 * uncompressed triangles. 200,000 triangles take about a second.
 */
export async function finishModel(doc: Document, options: FinishOptions = {}): Promise<void> {
  const logger = doc.getLogger();
  doc.setLogger(new Logger(Logger.Verbosity.SILENT));
  try {
    await finish(doc, options);
  } finally {
    doc.setLogger(logger);
  }
}

async function finish(doc: Document, { targetPolycount, textureResolution }: FinishOptions): Promise<void> {
  if (textureResolution !== undefined) await shrinkTextures(doc, textureResolution);
  await doc.transform(dequantize());
  for (const name of compressions) doc.disposeExtension(name);
  for (const mesh of doc.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) mend(primitive);
    const surface = surfaceOf(mesh);
    closeSeams(surface);
    putBack(surface);
    for (const primitive of mesh.listPrimitives()) if (isTriangles(primitive)) weldPrimitive(primitive);
    if (mesh.listPrimitives().length === 0) mesh.dispose();
  }
  if (targetPolycount !== undefined) await decimateTo(doc, targetPolycount);
  for (const mesh of doc.getRoot().listMeshes()) completeNormals(surfaceOf(mesh));
  await doc.transform(prune({ keepAttributes: true, keepSolidTextures: true }));
}

const compressions = ['KHR_draco_mesh_compression', 'EXT_meshopt_compression', 'KHR_mesh_quantization'];

/** Strips and fans, as glTF numbers the modes. */
const unrollable: ReadonlySet<number> = new Set([5, 6]);

/** Plain triangles, and numbers throughout. */
function mend(primitive: GltfPrimitive): void {
  if (unrollable.has(primitive.getMode())) convertPrimitiveToTriangles(primitive);
  for (const semantic of primitive.listSemantics()) {
    const accessor = primitive.getAttribute(semantic)!;
    if (!(accessor.getArray() instanceof Float32Array)) continue;
    const values = finiteFloatsOf(accessor);
    if (values !== accessor.getArray()) primitive.setAttribute(semantic, accessor.clone().setArray(values));
  }
}
