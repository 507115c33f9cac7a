import sharp, { type Sharp } from 'sharp';
import { portable, tintedImage } from './images.js';
import type { Image } from './scene.js';

const imageOf = async (picture: Sharp): Promise<Image> => {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  const { width, height, format } = info;
  return { name: 'a', key: 'a', data: new Uint8Array(data), mediaType: `image/${format}`, width, height };
};

const plain = (r: number, g: number, b: number, alpha?: number): Sharp =>
  sharp({
    create: { width: 4, height: 4, channels: alpha === undefined ? 3 : 4, background: { r, g, b, alpha: alpha ?? 1 } },
  });

const pixelOf = async (data: Uint8Array): Promise<number[]> => {
  const pixels = await sharp(data).toColourspace('srgb').raw().toBuffer();
  return [...pixels.subarray(0, pixels.length / 16)];
};

/** Half the light of 200: what a factor of 0.5 has to come to (IEC 61966-2-1). */
const half = 146;

describe('a tinted picture', () => {
  it.each<[string, () => Sharp, string, number[]]>([
    ['a PNG', () => plain(200, 200, 200).png(), 'png', [200, half, 0]],
    ['a PNG with alpha', () => plain(200, 200, 200, 0.4).png(), 'png', [200, half, 0, 102]],
    ['a grey PNG', () => plain(200, 200, 200).toColourspace('b-w').png(), 'png', [200, half, 0]],
    ['a PNG of 16 bits', () => plain(200, 200, 200).toColourspace('rgb16').png(), 'png', [200, half, 0]],
    ['a palette', () => plain(200, 200, 200).png({ palette: true }), 'png', [200, half, 0]],
    ['a WebP with alpha', () => plain(200, 200, 200, 0.4).webp({ lossless: true }), 'png', [200, half, 0, 102]],
  ])('of %s is multiplied by light, not by numbers', async (_, picture, extension, pixel) => {
    const tinted = await tintedImage(await imageOf(picture()), [1, 0.5, 0]);
    expect(tinted.extension).toBe(extension);
    expect(await pixelOf(tinted.data)).toEqual(pixel);
  });

  it.each<[string, () => Sharp]>([
    ['a JPEG', () => plain(200, 200, 200).jpeg()],
    ['a JPEG of four inks', () => plain(200, 200, 200).toColourspace('cmyk').jpeg()],
    ['a WebP', () => plain(200, 200, 200).webp()],
  ])('of %s is a JPEG', async (_, picture) => {
    const tinted = await tintedImage(await imageOf(picture()), [1, 0.5, 0]);
    expect(tinted.extension).toBe('jpg');
    const [red, green, blue] = await pixelOf(tinted.data);
    expect(Math.max(Math.abs(red! - 200), Math.abs(green! - half), Math.abs(blue!))).toBeLessThan(12);
  });

  it('is refused when it is broken', async () => {
    const broken = { ...(await imageOf(plain(1, 2, 3).png())), data: new Uint8Array(30) };
    await expect(tintedImage(broken, [1, 1, 0])).rejects.toMatchObject({ code: 'invalid_image' });
  });
});

describe('a portable picture', () => {
  it.each<[string, () => Sharp, string]>([
    ['PNG', () => plain(1, 2, 3).png(), 'png'],
    ['JPEG', () => plain(1, 2, 3).jpeg(), 'jpg'],
  ])('of a %s is the same bytes', async (_, picture, extension) => {
    const image = await imageOf(picture());
    expect(await portable(image)).toEqual({ key: 'a', extension, data: image.data });
  });

  it('of a WebP is a PNG where it has alpha, else a JPEG', async () => {
    expect((await portable(await imageOf(plain(1, 2, 3, 0.5).webp()))).extension).toBe('png');
    expect((await portable(await imageOf(plain(1, 2, 3).webp()))).extension).toBe('jpg');
  });
});
