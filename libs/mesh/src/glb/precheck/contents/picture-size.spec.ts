import sharp, { type Sharp } from 'sharp';
import { pictureSizeOf } from './picture-size.js';

const picture = (channels: 3 | 4): Sharp =>
  sharp({ create: { width: 301, height: 77, channels, background: { r: 10, g: 200, b: 30, alpha: 0.5 } } });

describe('the size of a picture by its header', () => {
  it.each<[string, Sharp]>([
    ['png', picture(4).png()],
    ['png', picture(3).png({ palette: true, progressive: true })],
    ['jpeg', picture(3).jpeg()],
    [
      'jpeg',
      picture(3)
        .jpeg({ progressive: true })
        .keepIccProfile()
        .withExif({ IFD0: { Artist: 'x'.repeat(3_000) } }),
    ],
    ['webp', picture(3).webp()],
    ['webp', picture(4).webp()],
    ['webp', picture(4).webp({ lossless: true })],
    ['webp', picture(3).webp({ lossless: true })],
  ])('is that of the decoded one: %s', async (format, made) => {
    const bytes = new Uint8Array(await made.toBuffer());
    expect(pictureSizeOf(bytes)).toEqual({ format, width: 301, height: 77 });
  });

  it('is unknown for anything else and for what ends too soon', async () => {
    const whole = new Uint8Array(await picture(3).jpeg().toBuffer());
    const others = ['', 'GIF89a', 'RIFF....WEBPVP8Z', '<svg/>'].map((text) => new Uint8Array(Buffer.from(text)));
    for (const bytes of [whole.subarray(0, 20), ...others]) expect(pictureSizeOf(bytes)).toBeNull();
  });
});
