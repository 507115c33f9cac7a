import type { Document, Texture } from '@gltf-transform/core';
import { EXTTextureWebP } from '@gltf-transform/extensions';
import { getTextureColorSpace } from '@gltf-transform/functions';
import sharp, { type WebpOptions } from 'sharp';
import { MeshError, refuseAs } from '../error.js';
import { maxImagePixels } from '../scene/images.js';

/** Pictures for the eye. */
const colours: WebpOptions = { quality: 85, effort: 3 };
/**
 * Roughness, metal, occlusion and normals: numbers in channels, which subsampled colour would mix, and whose losses are
 * seen as ripples in the light. More effort takes seconds and gains little.
 */
const numbers: WebpOptions = { quality: 60, nearLossless: true, effort: 0 };

/** Stores every picture as WebP (EXT_texture_webp) that becomes smaller by it; pixels, names and proportions stay. */
export async function toWebp(doc: Document): Promise<void> {
  const textures = doc.getRoot().listTextures();
  await Promise.all(
    textures.map((texture) => refuseAs('invalid_image', `Texture ${texture.getName()}`, () => repack(texture))),
  );
  if (textures.some((texture) => texture.getMimeType() === 'image/webp')) {
    doc.createExtension(EXTTextureWebP).setRequired(true);
  }
}

async function repack(texture: Texture): Promise<void> {
  const data = texture.getImage();
  if (!data || texture.getMimeType() === 'image/webp') return;
  const { width, height } = await sharp(data).metadata();
  if (width * height > maxImagePixels) throw new MeshError('too_large', `A texture has ${width} × ${height} pixels`);
  const options = getTextureColorSpace(texture) === 'srgb' ? colours : numbers;
  const smaller = await sharp(data).webp(options).toBuffer();
  if (smaller.length >= data.length) return;
  texture.setImage(new Uint8Array(smaller)).setMimeType('image/webp');
}
