import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { aBomb, anAnimatedPng, anAnimation, aPicture, aTurnedPicture } from '../../../test/pictures.js';
import type { PictureType } from '../sniff.js';
import { cleanPicture } from './picture.js';

// reading what came out, by the decoders that `cleanPicture` blocks
sharp.unblock({ operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'] });

const formats = ['png', 'jpeg', 'webp'] as const;
type Format = (typeof formats)[number];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lathe-picture-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What becomes of the bytes, and what is said about it. */
async function clean(bytes: Buffer, format: Format, maxPixels = 50_000_000) {
  const [input, output] = ['sent', 'made'].map((name) => path.join(folder, name)) as [string, string];
  writeFileSync(input, bytes);
  rmSync(output, { force: true });
  const mediaType: PictureType = `image/${format}`;
  const about = await cleanPicture({ path: input, output, mediaType, maxPixels });
  return { ...about, bytes: readFileSync(output) };
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ name: 'Refusal', message: expect.stringMatching(message) });
const pixelsOf = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
const noise = (width = 60, height = 40): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
  });

describe('a picture', () => {
  it.each(formats)('stays %s, with its size and its hash', async (format) => {
    const { bytes, ...about } = await clean(await aPicture({ format, width: 65, height: 33 }), format);
    expect(about).toEqual({
      width: 65,
      height: 33,
      sizeBytes: bytes.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await sharp(bytes).metadata()).toMatchObject({
      format,
      width: 65,
      height: 33,
      space: 'srgb',
      depth: 'uchar',
    });
  });

  it.each(formats)('always becomes the same %s', async (format) => {
    const bytes = await aPicture({ format });
    expect((await clean(bytes, format)).sha256).toBe((await clean(bytes, format)).sha256);
  });

  it('loses no pixel of a PNG or of a lossless WebP, and none of its alpha', async () => {
    const glass = sharp({
      create: { width: 30, height: 20, channels: 4, background: { r: 200, g: 30, b: 90, alpha: 0.4 } },
    });
    for (const [format, bytes] of [
      ['png', await glass.clone().png().toBuffer()],
      ['webp', await glass.clone().webp({ lossless: true }).toBuffer()],
      [
        'webp',
        await glass
          .clone()
          .webp({ lossless: true })
          .withExif({ IFD0: { Artist: 'me' } })
          .toBuffer(),
      ],
    ] as const) {
      expect((await pixelsOf((await clean(bytes, format)).bytes)).equals(await pixelsOf(bytes))).toBe(true);
    }
  });

  it('stays near what it was as a JPEG and as a lossy WebP', async () => {
    for (const format of ['jpeg', 'webp'] as const) {
      const bytes = await sharp(await aPicture({ width: 200, height: 150 }))
        .blur(3)
        .toFormat(format)
        .toBuffer();
      const [before, after] = [await pixelsOf(bytes), await pixelsOf((await clean(bytes, format)).bytes)];
      const differences = before.map((value, at) => Math.abs(value - after[at]!));
      expect(differences.reduce((sum, value) => sum + value) / before.length).toBeLessThan(2);
    }
  });

  it('is turned the way it is to be shown', async () => {
    const { bytes, width, height } = await clean(await aTurnedPicture(), 'jpeg');
    expect([width, height]).toEqual([20, 40]);
    const { orientation, ...about } = await sharp(bytes).metadata();
    expect([about.width, about.height, orientation]).toEqual([20, 40, undefined]);
  });

  it('keeps nothing but its pixels: no EXIF, no place, no XMP, no profile, no thumbnail, no comment', async () => {
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/">secret</x:xmpmeta>';
    const exif = { IFD0: { Copyright: 'secret', Orientation: '3' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } };
    for (const format of formats) {
      const bytes = await noise().withExif(exif).withXmp(xmp).withIccProfile('p3').toFormat(format).toBuffer();
      expect(bytes.includes('secret')).toBe(true);
      const made = (await clean(bytes, format)).bytes;
      const about = await sharp(made).metadata();
      expect([about.exif, about.xmp, about.icc, about.iptc, about.comments]).toEqual(Array(5).fill(undefined));
      expect(made.includes('secret')).toBe(false);
    }
  });

  it('has the colours that its profile says, in sRGB', async () => {
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } });
    const stored = await red.clone().withIccProfile('p3', { attach: false }).raw().toBuffer();
    expect(stored[0]).toBeLessThan(240); // what is red in sRGB is less so there
    const bytes = await red.withIccProfile('p3').png().toBuffer();
    const [r, g, b] = await pixelsOf((await clean(bytes, 'png')).bytes);
    expect([r! > 250, g! < 6, b! < 6]).toEqual([true, true, true]);
  });

  it.each<[string, Format, () => Promise<Buffer>, number]>([
    ['16 bits', 'png', () => noise().toColourspace('rgb16').png().toBuffer(), 3],
    ['grey', 'png', () => noise().toColourspace('b-w').png().toBuffer(), 3],
    ['16 bits of grey', 'png', () => noise().toColourspace('grey16').png().toBuffer(), 3],
    ['a palette', 'png', () => noise().png({ palette: true, colours: 16 }).toBuffer(), 3],
    ['interlacing', 'png', () => noise().png({ progressive: true }).toBuffer(), 3],
    ['CMYK', 'jpeg', () => noise().toColourspace('cmyk').jpeg().toBuffer(), 3],
    ['CMYK and a profile', 'jpeg', () => noise().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(), 3],
    ['grey', 'jpeg', () => noise().toColourspace('b-w').jpeg().toBuffer(), 3],
    ['progressive scans', 'jpeg', () => noise().jpeg({ progressive: true }).toBuffer(), 3],
    ['an alpha of its own', 'webp', () => noise().ensureAlpha(0.5).webp().toBuffer(), 4],
  ])('of %s becomes a plain 8-bit %s', async (_, format, make, channels) => {
    const { bytes } = await clean(await make(), format);
    const about = await sharp(bytes).metadata();
    expect(about).toMatchObject({ format, space: 'srgb', depth: 'uchar', channels, isProgressive: false });
    expect(about.isPalette).not.toBe(true);
  });

  it.each(formats)('has nothing behind its end: a %s that goes on as a web page is cut', async (format) => {
    const page = Buffer.from('<html><script>alert(1)</script></html>');
    const { bytes } = await clean(Buffer.concat([await aPicture({ format }), page]), format);
    expect(bytes.includes('script')).toBe(false);
  });

  it.each([
    ['jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['png', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')],
    ['webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 ')],
  ] as const)('is not a web page behind the first bytes of a %s', async (format, start) => {
    const page = Buffer.concat([start, Buffer.from('<html><script>alert(1)</script></html>')]);
    await expect(clean(page, format)).rejects.toEqual(refusal(/broken/));
  });

  it.each(formats)('is whole: a %s cut anywhere is refused', async (format) => {
    const whole = await aPicture({ format, width: 300, height: 200 });
    for (const kept of [20, whole.length >> 1, whole.length - 300, whole.length - 13]) {
      await expect(clean(whole.subarray(0, kept), format)).rejects.toEqual(refusal(/broken|not complete/));
    }
  });

  it('has no more pixels than are allowed', async () => {
    const picture = await aPicture({ width: 10, height: 10 });
    await expect(clean(picture, 'png', 100)).resolves.toBeDefined();
    await expect(clean(picture, 'png', 99)).rejects.toEqual(refusal(/10 × 10 pixels; at most 99/));
  });

  it('is no bomb: 900 million pixels in 109 KB are refused by the header alone', async () => {
    const bomb = aBomb();
    expect(bomb.length).toBeLessThan(120_000);
    const [before, begun] = [process.memoryUsage().rss, performance.now()];
    await expect(clean(bomb, 'png')).rejects.toMatchObject({
      message: 'The picture has 30000 × 30000 pixels; at most 50000000 are accepted',
      members: { max_pixels: 50_000_000 },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('does not move', async () => {
    await expect(clean(await anAnimation(), 'webp')).rejects.toEqual(refusal(/Animated/));
    await expect(clean(await anAnimation(1), 'webp')).rejects.toEqual(refusal(/Animated/));
    await expect(clean(anAnimatedPng(), 'png')).rejects.toEqual(refusal(/Animated/));
  });

  it('that cannot be written is not its own fault', async () => {
    const input = path.join(folder, 'sent');
    writeFileSync(input, await aPicture());
    const order = { path: input, mediaType: 'image/png', maxPixels: 50_000_000 } as const;
    for (const output of [path.join(folder, 'nowhere', 'made'), '/dev/full'].filter(
      (name) => name !== '/dev/full' || isThere(name),
    )) {
      const refused = await cleanPicture({ ...order, output }).catch((error: unknown) => error);
      expect(refused).not.toMatchObject({ name: 'Refusal' });
      expect(String(refused)).toMatch(/write/);
    }
  });
});

function isThere(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false }) !== undefined;
}
