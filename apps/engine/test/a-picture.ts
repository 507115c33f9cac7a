import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { emojiPicturePath } from '../src/reference/assets.js';

/** The file of an emoji's picture: 256 pixels, with alpha. */
export const emojiFile = (name: string): Uint8Array => readFileSync(emojiPicturePath(name));

/** A drawing as a PNG file. Jest's files share one libvips, in which another may have forbidden SVG. */
export async function drawn(svg: string, side = 256): Promise<Uint8Array> {
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${svg}</svg>`;
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  return sharp(Buffer.from(frame)).png().toBuffer();
}
