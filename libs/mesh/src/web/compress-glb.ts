import { type Document, Logger, type Transform } from '@gltf-transform/core';
import { cloneDocument, draco, meshopt, quantize } from '@gltf-transform/functions';
import { MeshoptEncoder } from 'meshoptimizer';
import { writeGlb } from '../glb/glb.js';
import { toWebp } from './to-webp.js';

export interface CompressionOptions {
  /**
   * How the geometry is packed: `draco` (KHR_draco_mesh_compression) is smallest, `meshopt` (EXT_meshopt_compression with
   * KHR_mesh_quantization) unpacks fastest.
   */
  compression: 'draco' | 'meshopt';
  /** `webp` (EXT_texture_webp) where that is smaller than what a picture is stored as; `keep` leaves pictures alone. */
  textures: 'webp' | 'keep';
}

/**
 * Steps of the longest side of a mesh, of the unit square of UVs and of a direction: finer than a pixel of a picture of
 * 4096 shows. The error is half a step.
 */
const bits = { quantizePosition: 14, quantizeTexcoord: 13, quantizeNormal: 10, quantizeColor: 8 };

/**
 * The document as a GLB for the web: packed geometry, quantised, and WebP pictures. `readGlb` reads it, as do three.js,
 * Babylon.js and model-viewer; programs that know plain glTF only do not. The document is not changed. The same document
 * and options give the same bytes. 200,000 triangles with a 2048 px picture take about a second.
 */
export async function compressGlb(doc: Document, { compression, textures }: CompressionOptions): Promise<Uint8Array> {
  const packed = cloneDocument(doc).setLogger(new Logger(Logger.Verbosity.SILENT));
  const pictures = textures === 'webp' ? toWebp(packed) : undefined;
  await MeshoptEncoder.ready;
  await packed.transform(
    ...(compression === 'draco' ? dracoOf(packed) : [meshopt({ encoder: MeshoptEncoder, level: 'high', ...bits })]),
  );
  await pictures;
  return writeGlb(packed);
}

/**
 * Draco packs primitives one by one, each on a grid of its own, and those that share a border would come apart. Where a
 * mesh has several, positions are put on the grid of the mesh before (KHR_mesh_quantization): Draco keeps whole numbers.
 */
const dracoOf = (doc: Document): Transform[] => {
  const meshes = doc.getRoot().listMeshes();
  const apart = meshes.every((mesh) => mesh.listPrimitives().length === 1);
  return apart ? [draco(bits)] : [quantize({ ...bits, pattern: /^POSITION$/ }), draco(bits)];
};
