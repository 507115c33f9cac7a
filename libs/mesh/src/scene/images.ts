import type { Document, Texture } from '@gltf-transform/core';
import sharp from 'sharp';
import { MeshError, refuseAs } from '../error.js';
import { safeName, UniqueNames } from './names.js';
import { fromSrgb, toSrgb } from './colour.js';
import type { Image, Vec3 } from './scene.js';

/** Width × height above which a picture is refused: decoded it would take more than 256 MiB. */
export const maxImagePixels = 8192 * 8192;

/** Pictures in one model above which it is refused. */
const maxImages = 512;

/** A picture that every 3D program reads: PNG or JPEG. */
export interface PortableImage {
  key: string;
  extension: 'png' | 'jpg';
  data: Uint8Array;
}

/** Every texture of the document with its measured size; broken ones are refused as `invalid_image`. */
export async function imagesOf(doc: Document): Promise<Map<Texture, Image>> {
  const keys = new UniqueNames();
  const images = new Map<Texture, Image>();
  const textures = doc.getRoot().listTextures();
  if (textures.length > maxImages) throw new MeshError('too_large', `The model has ${textures.length} textures`);
  for (const [index, texture] of textures.entries()) {
    const name = texture.getName() || `image_${index}`;
    images.set(texture, await imageOf(texture, name, keys.of(safeName(name, `image_${index}`))));
  }
  return images;
}

async function imageOf(texture: Texture, name: string, key: string): Promise<Image> {
  const data = texture.getImage();
  if (!data) throw new MeshError('invalid_image', `Texture ${name} has no picture`);
  const { width, height, format } = await refuseAs('invalid_image', `Texture ${name}`, () => sharp(data).metadata());
  if (width * height > maxImagePixels) {
    throw new MeshError('too_large', `Texture ${name} has ${width} × ${height} pixels`);
  }
  return { name, key, data, mediaType: `image/${format}`, width, height };
}

/** The picture as PNG or JPEG: unchanged when it is one already, else re-encoded (PNG where it has an alpha channel). */
export async function portable({ key, data, mediaType, name }: Image): Promise<PortableImage> {
  if (mediaType === 'image/png') return { key, extension: 'png', data };
  if (mediaType === 'image/jpeg') return { key, extension: 'jpg', data };
  return refuseAs('invalid_image', `Texture ${name}`, async () => {
    const { hasAlpha } = await sharp(data).metadata();
    return hasAlpha
      ? { key, extension: 'png' as const, data: await sharp(data).png().toBuffer() }
      : { key, extension: 'jpg' as const, data: await sharp(data).jpeg({ quality: 92 }).toBuffer() };
  });
}

/** A JPEG that loses little when a JPEG is encoded again. */
const fullColour = { quality: 92, chromaSubsampling: '4:4:4' };

/** A colour picture multiplied by a linear colour, for formats whose textures have no factor. Alpha stays. */
export async function tintedImage({ key, name, data, mediaType }: Image, tint: Vec3): Promise<PortableImage> {
  return refuseAs('invalid_image', `Texture ${name}`, async () => {
    const { data: pixels, info } = await sharp(data).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const tables = tint.map((factor) =>
      Uint8Array.from({ length: 256 }, (_, value) =>
        Math.round(255 * Math.min(1, toSrgb(fromSrgb(value / 255) * factor))),
      ),
    );
    const { width, height, channels: count } = info;
    for (let i = 0; i < pixels.length; i += count) {
      for (let k = 0; k < 3; k++) pixels[i + k] = tables[k]![pixels[i + k]!]!;
    }
    const raw = sharp(pixels, { raw: { width, height, channels: count } });
    return mediaType === 'image/png' || count === 4
      ? { key, extension: 'png' as const, data: await raw.png({ compressionLevel: 4 }).toBuffer() }
      : { key, extension: 'jpg' as const, data: await raw.jpeg(fullColour).toBuffer() };
  });
}

/** The channel of a metallic-roughness picture a value lives in (glTF 2.0 §5.22). */
const channels = { roughness: 1, metallic: 2 } as const;

/**
 * One channel of a metallic-roughness picture as a grey PNG, multiplied by the material's factor: OBJ and FBX can
 * neither pick a channel nor multiply.
 */
export async function channelImage(
  image: Image,
  channel: keyof typeof channels,
  factor: number,
): Promise<PortableImage> {
  const { name, key, data } = image;
  const grey = await refuseAs('invalid_image', `Texture ${name}`, async () => {
    const pixels = await sharp(data).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels: count } = pixels.info;
    const values = new Uint8Array(width * height);
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.min(255, Math.round(pixels.data[i * count + Math.min(channels[channel], count - 1)]! * factor));
    }
    return sharp(values, { raw: { width, height, channels: 1 } })
      .png({ compressionLevel: 4 })
      .toBuffer();
  });
  const suffix = factor === 1 ? '' : `_${Math.round(factor * 1000)}`;
  return { key: `${key}_${channel}${suffix}`, extension: 'png', data: grey };
}
