import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { CleanPicture, Order } from '../messages.js';
import { markersOf } from './markers.js';
import { Refusal } from './refusal.js';

/** What is to become of a picture. */
export type PictureOrder = Omit<Extract<Order, { kind: 'picture' }>, 'kind'>;

const quality = 92;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] }); // what sniffing refuses, the decoder cannot even read
const formats = ['Png', 'Jpeg', 'Webp'];
sharp.unblock({
  // a picture comes as a file, the textures of a model as bytes
  operation: ['File', 'Buffer'].flatMap((from) => formats.map((format) => `VipsForeignLoad${format}${from}`)),
});

/**
 * Writes a picture anew: its pixels in 8-bit sRGB, turned the way they are to be shown, in the format they came in, and nothing else
 * of it: no EXIF, no GPS, no profile, nothing behind its end. The same bytes always become the same bytes. Refuses what is not whole,
 * moves, or has more than `maxPixels`: that by its header, so that a decompression bomb is refused before anything is decompressed.
 */
export async function cleanPicture({ path, output, mediaType, maxPixels }: PictureOrder): Promise<CleanPicture> {
  const header = await headerOf(path);
  const { width, height, pages = 1 } = header;
  if (width * height > maxPixels) {
    throw new Refusal(`The picture has ${width} × ${height} pixels; at most ${maxPixels} are accepted`, {
      max_pixels: maxPixels,
    });
  }
  const { animated, lossless } = await markersOf(path, mediaType);
  if (animated || pages > 1) throw new Refusal('Animated pictures are not accepted');
  const pixels = sharp(path, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true })
    .autoOrient()
    .toColourspace('srgb');
  const written = await encoded(pixels, header, lossless).toFile(output).catch(broken);
  return { width: written.width, height: written.height, ...(await sizeAndHash(output)) };
}

function headerOf(path: string): Promise<Metadata> {
  return sharp(path, { limitInputPixels: false }).metadata().catch(broken);
}

/** In the format it came in. A JPEG keeps the resolution of its colours: more would only be more bytes. */
function encoded(pixels: Sharp, { format, chromaSubsampling }: Metadata, lossless: boolean): Sharp {
  if (format === 'png') return pixels.png();
  if (format === 'webp') return lossless ? pixels.webp({ lossless, effort: 0 }) : pixels.webp({ quality, effort: 2 });
  return pixels.jpeg({ quality, chromaSubsampling: chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4' });
}

async function sizeAndHash(path: string): Promise<Pick<CleanPicture, 'sizeBytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** A full disk is no fault of the picture. */
const ourFault = /write error|unable to open for write|input file is missing/i;

function broken(error: unknown): never {
  if (error instanceof Error && ourFault.test(error.message)) throw error;
  throw new Refusal('The picture is broken or not complete');
}
