import { isBinaryStl, isPackage, isPly, isUsdPackage, startsWith } from './content.js';

/** The first bytes of a binary STL of so many triangles. */
function stl(triangles: number): Buffer {
  const head = Buffer.alloc(84, 'a model');
  head.writeUInt32LE(triangles, 80);
  return head;
}

/** The local header of the first file in a ZIP archive (APPNOTE 4.3.7). */
function zip(name: string, method = 0): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), Buffer.from('and what is in it')]);
}

describe('what an artifact begins with', () => {
  it('is its signature', () => {
    expect(startsWith('glTF')(Buffer.from('glTF and more'))).toBe(true);
    expect(startsWith('glTF')(Buffer.from('glT'))).toBe(false);
  });

  it.each([
    ['of 12 triangles', stl(12), 84 + 600, true],
    ['with a byte too much', stl(12), 84 + 601, false],
    ['of none', stl(0), 84, false],
    ['that is too short for one', Buffer.alloc(83), 83, false],
    ['in text', Buffer.from('solid cube\n facet normal 0 0 1\n outer loop\n'.padEnd(128, ' ')), 684, false],
  ])('tells an STL %s', (_, head, bytes, is) => {
    expect(isBinaryStl(head, bytes)).toBe(is);
  });

  it.each([
    ['ply\nformat binary_little_endian 1.0\nelement', true],
    ['ply\r\nformat ascii 1.0\r\n', true],
    ['ply\nformat html 1.0\n', false],
    ['plywood', false],
    [' ply\nformat ascii 1.0\n', false],
  ])('tells that %j is a PLY: %s', (head, is) => {
    expect(isPly(Buffer.from(head))).toBe(is);
  });

  it.each([
    ['a layer', zip('model.usda'), true],
    ['a binary layer', zip('scene/model.usdc'), true],
    ['a layer that is compressed', zip('model.usda', 8), false],
    ['a web page', zip('index.html'), false],
    ['nothing', Buffer.from('PK\u0003\u0004'), false],
  ])('tells a USDZ with %s in front', (_, head, is) => {
    expect([isPackage(head), isUsdPackage(head)]).toEqual([true, is]);
  });

  it('is no package when it is an empty archive', () => {
    expect(isPackage(Buffer.from('PK\u0005\u0006'))).toBe(false);
  });
});
