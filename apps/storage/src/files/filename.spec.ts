import { assert, property, string } from 'fast-check';
import { cleanName, nameFor } from './filename.js';

describe('the name of an upload', () => {
  it.each([
    ['mug.png', 'image/png', 'mug.png'],
    ['Photo.JPEG', 'image/jpeg', 'Photo.JPEG'],
    ['photo.png', 'image/jpeg', 'photo.jpg'],
    ['кошка.webp', 'image/webp', 'кошка.webp'],
    ['no extension', 'image/png', 'no extension.png'],
    ['report v1.2 final', 'image/png', 'report v1.2 final.png'],
    ['page.html', 'image/png', 'page.png'],
    ['', 'image/png', 'upload.png'],
    ['.png', 'image/png', 'png.png'],
    ['....', 'image/webp', 'upload.webp'],
    ['../../etc/passwd', 'image/png', 'passwd.png'],
    [String.raw`C:\Users\me\cat.png`, 'image/png', 'cat.png'],
    ['a"b\r\nX: y.png', 'image/png', 'a_b X_ y.png'],
    ['zero\u0000.png', 'image/png', 'zero.png'],
    ['gpj\u202e.png', 'image/png', 'gpj.png'],
    ['\ufeffbom\u200b.png', 'image/png', 'bom.png'],
    ['👩\u200d🎨.png', 'image/png', '👩\u200d🎨.png'],
    ['lone \ud800.png', 'image/png', 'lone \ufffd.png'],
    ['e\u0301.png', 'image/png', '\u00e9.png'],
    ['chair.glb', 'model/gltf-binary', 'chair.glb'],
    ['chair.gltf', 'model/gltf-binary', 'chair.glb'],
    ['chair.GLB', 'model/gltf-binary', 'chair.GLB'],
    ['chair.png', 'model/gltf-binary', 'chair.glb'],
    ['CON.png', 'image/png', '_CON.png'],
    ['nul', 'image/png', '_nul.png'],
    ['com1.tar.png', 'image/png', '_com1.tar.png'],
    ['Lpt².webp', 'image/webp', '_Lpt².webp'],
    ['aux .png', 'image/png', '_aux.png'],
    ['conference.png', 'image/png', 'conference.png'],
    ['COM10.png', 'image/png', 'COM10.png'],
    ['mug.png. . .', 'image/png', 'mug.png'],
    ['C:evil.png', 'image/png', 'C_evil.png'],
    ['~/.bashrc', 'image/png', 'bashrc.png'],
    ['a\u2028b\u200fc\u061cd.png', 'image/png', 'a bcd.png'],
    ['\u{E0041}\u{E0042}tags.png', 'image/png', 'tags.png'],
    ['𝕄𝕦𝕘 😀.png', 'image/png', '𝕄𝕦𝕘 😀.png'],
    ['%2e%2e%2fetc.png', 'image/png', '%2e%2e%2fetc.png'],
    [`${'я'.repeat(150)}.png`, 'image/png', `${'я'.repeat(125)}.png`],
  ])('turns %j of %s into %j', (given, mediaType, name) => {
    expect(nameFor(given, mediaType)).toBe(name);
  });

  it('fits into 255 bytes without splitting a character', () => {
    const name = nameFor(`${'👩\u200d🎨'.repeat(40)}.png`, 'image/png');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^(👩\u200d🎨)+\.png$/u);
  });

  it('is safe whatever was sent, and cleaning it again changes nothing', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = nameFor(given, 'image/jpeg');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).toMatch(/.\.(jpg|jpeg|jpe|jfif)$/iu);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./iu);
        expect(nameFor(name, 'image/jpeg')).toBe(name);
        expect(name).not.toMatch(/[/\\"\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(cleanName(cleanName(given))).toBe(cleanName(given));
      }),
    );
  });
});
