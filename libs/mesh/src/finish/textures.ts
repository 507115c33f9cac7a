import type { Document, Texture } from '@gltf-transform/core';
import { listTextureSlots } from '@gltf-transform/functions';
import sharp from 'sharp';
import { MeshError, refuseAs } from '../error.js';
import { maxImagePixels } from '../scene/images.js';

/** Makes every picture at most `side` pixels wide and high. Proportions, smaller pictures and the format stay, but a normal map is written without loss. */
export async function shrinkTextures(doc: Document, side: number): Promise<void> {
  for (const texture of doc.getRoot().listTextures()) {
    await refuseAs('invalid_image', `Texture ${texture.getName()}`, () => shrink(texture, side));
  }
}

async function shrink(texture: Texture, side: number): Promise<void> {
  const data = texture.getImage();
  if (!data) return;
  const { width, height, format } = await sharp(data).metadata();
  if (width * height > maxImagePixels) throw new MeshError('too_large', `A texture has ${width} × ${height} pixels`);
  if (Math.max(width, height) <= side) return;
  const smaller = sharp(data).resize(side, side, { fit: 'inside' });
  if (isNormalMap(texture)) {
    // every loss of a normal map is seen as a ripple in the light: none is added to what the file came with
    const lossless = format === 'webp' ? smaller.webp({ lossless: true }) : smaller.png();
    texture.setImage(new Uint8Array(await lossless.toBuffer()));
    texture.setMimeType(format === 'webp' ? 'image/webp' : 'image/png');
    return;
  }
  const encoded =
    format === 'jpeg' ? smaller.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }) : smaller.toFormat(format);
  texture.setImage(new Uint8Array(await encoded.toBuffer()));
}

/** Whether the texture holds directions instead of colours. */
export const isNormalMap = (texture: Texture): boolean =>
  listTextureSlots(texture).some((slot) => slot.toLowerCase().includes('normal'));
