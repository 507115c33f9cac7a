import sharp, { type Metadata } from 'sharp';
import { Problem } from '#contracts';
import { isAnimatedPng, type PictureType, pictureTypeOf } from './sniff.js';

/** A picture that was decoded from its first pixel to its last. */
export interface Picture {
  mediaType: PictureType;
  /** In pixels, turned the way the picture is to be shown. */
  width: number;
  height: number;
}

const decodeSeconds = 20;
const thumbnail = 16;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] }); // what sniffing refuses, the decoder cannot even read
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});

/**
 * Decides by content alone whether these bytes are a picture we take: PNG, JPEG or WebP, whole, still, at most `maxPixels`.
 * The size is judged by the header, so that a decompression bomb is refused before anything is decompressed.
 */
export async function inspectPicture(bytes: Buffer, maxPixels: number): Promise<Picture> {
  const mediaType = pictureTypeOf(bytes);
  if (!mediaType) {
    throw new Problem('unsupported_media_type', 'Only PNG, JPEG and WebP pictures are accepted');
  }
  const { width, height, pages = 1, autoOrient } = await header(bytes);
  if (width * height * pages > maxPixels) {
    throw new Problem(
      'invalid_image',
      `The picture has ${width} × ${height} pixels; at most ${maxPixels} are accepted`,
      {
        members: { max_pixels: maxPixels },
      },
    );
  }
  if (pages > 1 || (mediaType === 'image/png' && isAnimatedPng(bytes))) {
    throw new Problem('invalid_image', 'Animated pictures are not accepted');
  }
  await decode(bytes, maxPixels);
  return { mediaType, width: autoOrient.width, height: autoOrient.height };
}

function header(bytes: Buffer): Promise<Metadata> {
  return sharp(bytes, { limitInputPixels: false }).metadata().catch(broken);
}

/** Every pixel is read, but only a small picture is kept: a box of 50 million pixels costs no 200 MB. */
async function decode(bytes: Buffer, maxPixels: number): Promise<void> {
  await sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true })
    .timeout({ seconds: decodeSeconds })
    .resize(thumbnail, thumbnail, { fit: 'fill', fastShrinkOnLoad: false })
    .raw()
    .toBuffer()
    .catch(broken);
}

const broken = (): never => {
  throw new Problem('invalid_image', 'The picture is broken or not complete');
};
