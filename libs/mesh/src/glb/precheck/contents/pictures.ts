import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { maxImagePixels } from '../../../scene/images.js';
import { dataUriBytes } from '../data-uri.js';
import { type PictureSize, pictureSizeOf } from './picture-size.js';
import { maxPixels, pictureHeaderBytes } from '../limits.js';

/** Reads bytes of a buffer view, from its start. */
export type ReadView = (bufferView: number, length: number) => Promise<Uint8Array>;

/** Most pictures say their size here. */
const firstBytes = 4096;

/**
 * Refuses pictures that are no PNG, JPEG or WebP by their first bytes, lie outside the file or have more pixels than
 * memory can hold. Nothing is decoded.
 */
export async function checkPictures(gltf: GLTF.IGLTF, readView: ReadView): Promise<void> {
  let pixels = 0;
  for (const [index, image] of (gltf.images ?? []).entries()) {
    const { width, height } = await sizeOf(image, `Picture ${index}`, readView);
    if (width * height > maxImagePixels) {
      throw new MeshError(
        'too_large',
        `Picture ${index} has ${width} × ${height} pixels; ${maxImagePixels} are allowed`,
      );
    }
    pixels += width * height;
  }
  if (pixels > maxPixels)
    throw new MeshError('too_large', `The pictures have ${pixels} pixels; ${maxPixels} are allowed`);
}

async function sizeOf({ uri, bufferView }: GLTF.IImage, what: string, readView: ReadView): Promise<PictureSize> {
  if ((uri === undefined) === (bufferView === undefined)) {
    throw new MeshError('invalid_glb', `${what} needs either a buffer view or a data URI`);
  }
  const size =
    uri !== undefined
      ? pictureSizeOf(dataUriBytes(uri, what))
      : (pictureSizeOf(await readView(bufferView!, firstBytes)) ??
        pictureSizeOf(await readView(bufferView!, pictureHeaderBytes)));
  if (!size || size.width === 0 || size.height === 0) {
    throw new MeshError('invalid_image', `${what} is no PNG, JPEG or WebP`);
  }
  return size;
}
