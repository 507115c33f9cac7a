import { attachment } from './attachment.js';

describe('Content-Disposition', () => {
  it.each([
    ['mug.glb', 'attachment; filename="mug.glb"'],
    ['my mug (1).glb', 'attachment; filename="my mug (1).glb"'],
    ['кот.glb', `attachment; filename="___.glb"; filename*=UTF-8''%D0%BA%D0%BE%D1%82.glb`],
    ['café.glb', `attachment; filename="cafe.glb"; filename*=UTF-8''caf%C3%A9.glb`],
    ["it's.glb", 'attachment; filename="it\'s.glb"'],
    ['50%.png', `attachment; filename="50_.png"; filename*=UTF-8''50%25.png`],
    ['"quoted".png', `attachment; filename="_quoted_.png"; filename*=UTF-8''%22quoted%22.png`],
    ['🐱.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%90%B1.png`],
  ])('of %s', (filename, header) => {
    expect(attachment(filename)).toBe(header);
  });

  it.each([
    'a\r\nSet-Cookie: b',
    'a\u0000b',
    'gpj\u202eexe.',
    '../../etc/passwd',
    String.raw`..\boot.ini`,
    '\ud800.png',
  ])('takes the sting out of %j', (filename) => {
    const header = attachment(filename);
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(header).not.toMatch(/[/\\]|"\.|\.\.|%0D|%0A|%E2%80%AE/);
  });

  it.each(['', '...', '\u202e'])('names what has no name: %j', (filename) => {
    expect(attachment(filename)).toBe('attachment; filename="file"');
  });
});
