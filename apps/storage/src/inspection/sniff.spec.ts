import { aPicture } from '../../test/pictures.js';
import { contentTypeOf } from './sniff.js';

describe('the first bytes of a file', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('tell a %s', async (format) => {
    expect(contentTypeOf(await aPicture({ format }))).toBe(`image/${format}`);
  });

  it('tell a GLB', () => {
    expect(contentTypeOf(Buffer.from('glTF\u0002\0\0\0'))).toBe('model/gltf-binary');
  });

  it.each([
    ['GIF', Buffer.from('GIF89a\u0001\0\u0001\0\0\0')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>')],
    ['HTML', Buffer.from('<!doctype html><img src=x>')],
    ['a GIF that is a script', Buffer.from('GIF89a=0;alert(1)//')],
    ['PDF', Buffer.from('%PDF-1.7\n')],
    ['TIFF', Buffer.from('II*\0\b\0\0\0')],
    ['HEIC', Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0')],
    ['AVIF', Buffer.from('\0\0\0\u001cftypavif\0\0\0\0')],
    ['BMP', Buffer.from('BM\u0036\0\0\0')],
    ['a RIFF file that is no WebP', Buffer.from('RIFF\u0024\0\0\0WAVEfmt ')],
    ['glTF as text', Buffer.from('{"asset":{"version":"2.0"}}')],
    ['a zip', Buffer.from('PK\u0003\u0004')],
    ['a single byte', Buffer.from([0x89])],
    ['nothing', Buffer.alloc(0)],
  ])('do not make %s acceptable', (_, head) => {
    expect(contentTypeOf(head)).toBeUndefined();
  });
});
