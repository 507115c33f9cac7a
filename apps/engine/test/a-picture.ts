import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { emojiPicturePath } from '../src/reference/assets.js';

/** The file of an emoji's picture: 256 pixels, with alpha. */
export const emojiFile = (name: string): Uint8Array => readFileSync(emojiPicturePath(name));

/** A drawing as a PNG file. */
export async function drawn(svg: string, side = 256): Promise<Uint8Array> {
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${svg}</svg>`;
  return sharp(Buffer.from(frame)).png().toBuffer();
}
