import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { xmlText } from './xml.js';

describe('text in an XML attribute', () => {
  it.each([
    ['<a & "b">', '&lt;a &amp; &quot;b&quot;&gt;'],
    ["it's", 'it&apos;s'],
    ['tab\tline\nend\r', 'tab line end '],
    ['\0\u0001\u001b\u007f\u0085', '     '],
    ['half \ud83d pair', 'half   pair'],
    ['\ufffe\uffff', '  '],
    ['🦊 лиса 狐', '🦊 лиса 狐'],
  ])('of %j is %s', (text, escaped) => {
    expect(xmlText(text)).toBe(escaped);
  });

  it('is well-formed whatever the text, and reads back as what is left of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const document = new DOMParser().parseFromString(`<a b="${xmlText(text)}"/>`, 'text/xml');
        const printable = text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ');
        expect(document.documentElement!.getAttribute('b')).toBe(printable);
      }),
    );
  });
});
