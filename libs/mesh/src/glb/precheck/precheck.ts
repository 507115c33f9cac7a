import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../error.js';
import { checkClaims } from './structure/claims.js';
import { type Chunk, containerOf } from './container.js';
import { dataUriBytes } from './data-uri.js';
import { checkDraco } from './contents/draco.js';
import { checkExtensions } from './extensions.js';
import { parsedJson } from './json-text.js';
import { checkPictures } from './contents/pictures.js';
import { checkPrimitives } from './structure/primitives.js';
import { checkRanges } from './structure/ranges.js';
import { asGltf } from './schema/gltf.js';
import { type GlbSource, readExactly, sourceOf } from './source.js';
import { checkTree } from './structure/tree.js';
import { checkValues } from './contents/values.js';

export interface PrecheckOptions {
  /** Whether indices and positions are streamed through as well: 200 MiB in well under a second. On unless left out. */
  values?: boolean;
}

/**
 * Decides whether a GLB from a stranger may be given to any library at all: the container, the size and nesting of its
 * JSON, the number of everything, every reference and range, what it claims to unpack to, its pictures by their headers,
 * and that nothing lies outside of it. Memory is bounded whatever the size of the file (a few MiB of it at a time, and
 * the JSON, of which 4 MiB are allowed). Refuses with a `MeshError` that names what and the limit: `invalid_glb`,
 * `unsupported_glb`, `too_large` or `invalid_image`. Passing it is necessary, not sufficient: compressed values show
 * themselves when `readGlb` decodes them.
 */
export async function precheckGlb(glb: GlbSource | Uint8Array, { values = true }: PrecheckOptions = {}): Promise<void> {
  const source = glb instanceof Uint8Array ? sourceOf(glb) : glb;
  const { gltf, binary } = await inspectedGlb(source);
  if (values) await checkValues(gltf, bufferReader(gltf, binary, source));
}

/** A GLB that kept all rules but those about values. */
export interface InspectedGlb {
  gltf: GLTF.IGLTF;
  /** The BIN chunk */
  binary: Chunk | null;
}

/** What `precheckGlb` and `readGlb` have in common: one set of rules. */
export async function inspectedGlb(source: GlbSource): Promise<InspectedGlb> {
  const { json, binary } = await containerOf(source);
  const document = parsedJson(await readExactly(source, json.offset, json.length));
  checkVersion(document['asset']);
  const gltf = asGltf(document);
  checkExtensions(gltf);
  checkTree(gltf);
  checkClaims(gltf, source.size);
  checkRanges(gltf, binary?.length ?? 0);
  checkPrimitives(gltf);
  const readBuffer = bufferReader(gltf, binary, source);
  const readView = (index: number, length: number): Promise<Uint8Array> => {
    const { buffer, byteOffset = 0, byteLength } = gltf.bufferViews![index]!;
    return readBuffer(buffer, byteOffset, Math.min(length, byteLength));
  };
  await checkDraco(gltf, readView);
  await checkPictures(gltf, readView);
  return { gltf, binary };
}

function checkVersion(asset: unknown): void {
  const { version, minVersion } = (asset ?? {}) as { version?: unknown; minVersion?: unknown };
  for (const stated of [version, minVersion]) {
    if (typeof stated === 'string' && !/^2\.\d{1,4}$/.test(stated)) {
      throw new MeshError('unsupported_glb', `The document is glTF ${stated.slice(0, 20)}; 2.0 is understood`);
    }
  }
}

/** Reads a buffer wherever it lies: in the BIN chunk or in a data URI. */
function bufferReader({ buffers = [] }: GLTF.IGLTF, binary: Chunk | null, source: GlbSource) {
  const inline = new Map<number, Uint8Array>();
  return async (buffer: number, offset: number, length: number): Promise<Uint8Array> => {
    const { uri } = buffers[buffer]!;
    if (uri === undefined) {
      if (buffer > 0 || !binary) throw new MeshError('invalid_glb', `Buffer ${buffer} has no bytes`);
      return readExactly(source, binary.offset + offset, length);
    }
    if (!inline.has(buffer)) inline.set(buffer, dataUriBytes(uri, `Buffer ${buffer}`));
    return inline.get(buffer)!.subarray(offset, offset + length);
  };
}
