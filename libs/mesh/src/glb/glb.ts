import { type Document, type GLTF, GLB_BUFFER, Logger, PlatformIO } from '@gltf-transform/core';
import { unpartition } from '@gltf-transform/functions';
import draco3d from 'draco3dgltf';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import { MeshError, refuseAs } from '../error.js';
import { checkGeometry } from './check-geometry.js';
import { knownExtensions } from './precheck/extensions.js';
import { inspectedGlb } from './precheck/precheck.js';
import { sourceOf } from './precheck/source.js';

/**
 * Reads a GLB, plain or compressed (Draco, meshopt, quantised, WebP). What comes back is sound: it passed the rules of
 * `precheckGlb`, attributes are of equal length, indices in range, positions finite. Nothing outside the bytes is ever
 * read. Refuses with `invalid_glb`, `unsupported_glb`, `too_large` or `invalid_image`.
 *
 * It blocks its thread while it decodes, for up to a second per 10 MiB, and may take 1 GiB: a service reads what is
 * larger than `inlineGlbBytes`, or comes from a stranger, in a process of its own.
 */
export async function readGlb(bytes: Uint8Array): Promise<Document> {
  const { gltf, binary } = await refuseAs('invalid_glb', 'Not a GLB', () => inspectedGlb(sourceOf(bytes)));
  // a copy of its own: the reader needs alignment, and damaged offsets must not reach into a shared buffer
  const content = binary && new Uint8Array(bytes.subarray(binary.offset, binary.offset + binary.length));
  const doc = await refuseAs('invalid_glb', 'The GLB cannot be decoded', async () =>
    (await gltfReader(gltf)).readJSON({ json: gltf, resources: content ? { [GLB_BUFFER]: content } : {} }),
  );
  await refuseAs('invalid_glb', 'The GLB contradicts itself', () => checkGeometry(doc));
  return doc;
}

/** Up to this size reading and validating take a fraction of a second and may be done where others wait. */
export const inlineGlbBytes = 1024 ** 2;

/** Writes a document as one GLB; several buffers are joined, compression extensions on the document are honoured. */
export async function writeGlb(doc: Document): Promise<Uint8Array> {
  if (doc.getRoot().listBuffers().length > 1) await doc.transform(unpartition());
  await MeshoptEncoder.ready;
  const writer = bytesIO().registerDependencies({ 'meshopt.encoder': MeshoptEncoder });
  if (usesDraco(doc)) writer.registerDependencies({ 'draco3d.encoder': await draco3d.createEncoderModule() });
  return writer.writeBinary(doc);
}

const usesDraco = (doc: Document): boolean =>
  doc
    .getRoot()
    .listExtensionsUsed()
    .some(({ extensionName }) => extensionName === dracoName);

const dracoName = 'KHR_draco_mesh_compression';

/** Draco is decoded by a module of its own each time: what a damaged file did to its memory ends with the file. */
async function gltfReader({ extensionsUsed = [] }: GLTF.IGLTF): Promise<BytesIO> {
  await MeshoptDecoder.ready;
  const reader = bytesIO().registerDependencies({ 'meshopt.decoder': MeshoptDecoder });
  if (!extensionsUsed.includes(dracoName)) return reader;
  return reader.registerDependencies({ 'draco3d.decoder': await draco3d.createDecoderModule() });
}

const bytesIO = (): BytesIO =>
  new BytesIO().setLogger(new Logger(Logger.Verbosity.SILENT)).registerExtensions(knownExtensions);

/** Reads and writes bytes in memory and refuses to follow any address. */
class BytesIO extends PlatformIO {
  protected override readURI(uri: string): never {
    throw new MeshError('invalid_glb', `${uri} is outside the file`);
  }

  protected override resolve(_base: string, path: string): string {
    return path;
  }

  protected override dirname(uri: string): string {
    return uri;
  }
}
