import { type Document, Logger, PlatformIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { unpartition } from '@gltf-transform/functions';
import draco3d from 'draco3dgltf';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import { MeshError, refuseAs } from '../error.js';
import { checkGeometry } from './check-geometry.js';
import { checkStructure } from './check-structure.js';

/**
 * Reads a GLB, plain or compressed (Draco, meshopt, quantised, WebP). What comes back is sound: a tree of nodes,
 * attributes of equal length, indices in range, finite positions. Nothing outside the bytes is ever read.
 * Refuses with `invalid_glb`, `unsupported_glb` or `too_large`.
 */
export async function readGlb(bytes: Uint8Array): Promise<Document> {
  const reader = await gltf();
  // a copy of its own: the reader needs alignment, and damaged offsets must not reach into a shared buffer
  const json = await refuseAs('invalid_glb', 'Not a GLB', () => reader.binaryToJSON(new Uint8Array(bytes)));
  refuseUnknownExtensions(json.json.extensionsRequired ?? []);
  await refuseAs('invalid_glb', 'The GLB contradicts itself', () => checkStructure(json));
  const doc = await refuseAs('invalid_glb', 'The GLB cannot be decoded', () => reader.readJSON(json));
  await refuseAs('invalid_glb', 'The GLB contradicts itself', () => checkGeometry(doc));
  return doc;
}

/** Writes a document as one GLB; several buffers are joined, compression extensions on the document are honoured. */
export async function writeGlb(doc: Document): Promise<Uint8Array> {
  if (doc.getRoot().listBuffers().length > 1) await doc.transform(unpartition());
  return (await gltf()).writeBinary(doc);
}

/** Everything but primitive restart: no step behind the reader knows strips that are cut by a marker. */
const extensions = ALL_EXTENSIONS.filter(({ EXTENSION_NAME: name }) => name !== 'KHR_mesh_primitive_restart');
const knownExtensions: ReadonlySet<string> = new Set(extensions.map((extension) => extension.EXTENSION_NAME));

function refuseUnknownExtensions(required: string[]): void {
  const unknown = required.find((name) => !knownExtensions.has(name));
  if (unknown) throw new MeshError('unsupported_glb', `The GLB requires the unknown extension ${unknown}`);
}

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

let ready: Promise<BytesIO> | undefined;

/** The reader and writer with all decoders, prepared once per process. */
function gltf(): Promise<BytesIO> {
  ready ??= (async () => {
    const [decoder, encoder] = await Promise.all([draco3d.createDecoderModule(), draco3d.createEncoderModule()]);
    await Promise.all([MeshoptDecoder.ready, MeshoptEncoder.ready]);
    return new BytesIO()
      .setLogger(new Logger(Logger.Verbosity.SILENT))
      .registerExtensions(extensions)
      .registerDependencies({
        'draco3d.decoder': decoder,
        'draco3d.encoder': encoder,
        'meshopt.decoder': MeshoptDecoder,
        'meshopt.encoder': MeshoptEncoder,
      });
  })();
  return ready;
}
