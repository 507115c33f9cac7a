import { aBomb, anAnimatedPng, anAnimation, aPicture, aTurnedPicture } from '../../test/pictures.js';
import { inspectPicture } from './picture.js';

const maxPixels = 50_000_000;
const inspect = (bytes: Buffer, limit = maxPixels) => inspectPicture(bytes, limit);
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('a picture', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('is accepted as %s, with its type and size', async (format) => {
    expect(await inspect(await aPicture({ format, width: 65, height: 33 }))).toEqual({
      mediaType: `image/${format}`,
      width: 65,
      height: 33,
    });
  });

  it('has the size it is shown with, not the one the sensor had', async () => {
    expect(await inspect(await aTurnedPicture())).toMatchObject({ width: 20, height: 40 });
  });

  it.each([
    ['a GIF', () => aPicture({ format: 'gif' })],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>')],
    ['HTML', () => Buffer.from('<!doctype html><img src=x>')],
    ['a GIF that is a script', () => Buffer.from('GIF89a=0;alert(1)//')],
    ['a PDF', () => Buffer.from('%PDF-1.7\n')],
    ['a RIFF file that is no WebP', () => Buffer.from('RIFF\u0024\0\0\0WAVEfmt ')],
    ['a single byte', () => Buffer.from([0x89])],
  ])('is not %s', async (_, bytes) => {
    await expect(inspect(await bytes())).rejects.toEqual(refusal('unsupported_media_type', /PNG, JPEG and WebP/));
  });

  it.each([
    ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['PNG', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')],
    ['WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 ')],
  ])('is not a web page behind the first bytes of a %s', async (_, start) => {
    const page = Buffer.concat([start, Buffer.from('<html><script>alert(1)</script></html>')]);
    await expect(inspect(page)).rejects.toEqual(refusal('invalid_image', /broken/));
  });

  it.each(['png', 'jpeg', 'webp'] as const)('is whole: a %s cut anywhere is refused', async (format) => {
    const whole = await aPicture({ format, width: 300, height: 200 });
    for (const kept of [20, whole.length >> 1, whole.length - 300, whole.length - 13]) {
      await expect(inspect(whole.subarray(0, kept))).rejects.toEqual(refusal('invalid_image', /broken|not complete/));
    }
  });

  it('has no more pixels than are allowed', async () => {
    const picture = await aPicture({ width: 10, height: 10 });
    await expect(inspect(picture, 100)).resolves.toBeDefined();
    await expect(inspect(picture, 99)).rejects.toEqual(refusal('invalid_image', /10 × 10 pixels; at most 99/));
  });

  it('is no bomb: 900 million pixels in 109 KB are refused by the header alone', async () => {
    const bomb = aBomb();
    expect(bomb.length).toBeLessThan(120_000);
    const before = process.memoryUsage().rss;
    await expect(inspect(bomb)).rejects.toEqual(refusal('invalid_image', /30000 × 30000 pixels; at most 50000000/));
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  });

  it('does not move', async () => {
    await expect(inspect(await anAnimation())).rejects.toEqual(refusal('invalid_image', /Animated/));
    await expect(inspect(anAnimatedPng())).rejects.toEqual(refusal('invalid_image', /Animated/));
  });
});
