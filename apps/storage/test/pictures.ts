import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

interface PictureAbout {
  format?: 'png' | 'jpeg' | 'webp' | 'gif';
  width?: number;
  height?: number;
}

/** A picture with something in every pixel; say only what the test is about. */
export const aPicture = ({ format = 'png', width = 64, height = 48 }: PictureAbout = {}): Promise<Buffer> =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888888',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .toFormat(format)
    .toBuffer();

/** A camera held upright: 40 × 20 pixels in the file, to be shown as 20 × 40 (EXIF orientation 6). */
export const aTurnedPicture = (): Promise<Buffer> =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#336699' } })
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();

/** A WebP of one or two frames of different colours. */
export async function anAnimation(count = 2): Promise<Buffer> {
  if (count === 1) return anAnimationOfOne();
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 16, height: 16, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

/** The container of an animation (RFC 9649 §2.7) around a single still frame. */
async function anAnimationOfOne(): Promise<Buffer> {
  const still = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#ff0000' } })
    .webp()
    .toBuffer();
  const picture = still.subarray(12);
  const place = Buffer.from([0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0, 100, 0, 0, 0]);
  const chunks = [
    riffChunk('VP8X', Buffer.from([2, 0, 0, 0, 15, 0, 0, 15, 0, 0])),
    riffChunk('ANIM', Buffer.alloc(6)),
    riffChunk('ANMF', Buffer.concat([place, picture])),
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return riffChunk('RIFF', body);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), size, data, Buffer.alloc(data.length % 2)]);
}

/** A PNG of the given size in black and white: a few kilobytes that become gigabytes when they are decoded. */
export function aBomb(side = 30_000, { interlaced = false } = {}): Buffer {
  const rows = (width: number, height: number) => (1 + Math.ceil(width / 8)) * height;
  const passes = adam7.map(([x, y, right, down]) => rows(Math.ceil((side - x) / right), Math.ceil((side - y) / down)));
  const bytes = interlaced ? passes.reduce((sum, pass) => sum + pass) : rows(side, side);
  return png(chunk('IHDR', sizeOf(side, interlaced)), chunk('IDAT', deflateSync(Buffer.alloc(bytes))));
}

/** Where the passes of an interlaced PNG begin, and how far their pixels are apart (PNG third edition §8.1). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The same as an APNG: one still frame to a decoder that does not know the animation chunk. */
export function anAnimatedPng(side = 8): Buffer {
  const animation = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]);
  const pixels = deflateSync(Buffer.alloc((1 + Math.ceil(side / 8)) * side));
  return png(chunk('IHDR', sizeOf(side)), chunk('acTL', animation), chunk('IDAT', pixels));
}

function sizeOf(side: number, interlaced = false): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1; // one bit a pixel, greyscale
  header[12] = Number(interlaced);
  return header;
}

const png = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}
