import { aGlb } from '../../../test/engines/a-glb.js';
import { JsonFile } from '../json-file.js';
import { lookAtGlb } from './glb-look.js';

const look = (glb: Buffer): ReturnType<typeof lookAtGlb> => lookAtGlb(new JsonFile([glb]));

/** One whose JSON says that it has so many bytes, and is followed by as many. */
function withJsonOf(bytes: number): Buffer {
  const glb = aGlb({ padding: bytes });
  glb.fill(' ', 20 + glb.readUInt32LE(12));
  glb.writeUInt32LE(bytes, 12);
  return glb;
}

describe('a look at a GLB', () => {
  it.each([true, false])('sees whether it is textured: %s', (textured) =>
    expect(look(aGlb({ textured }))).toEqual({ complete: true, textured }),
  );

  it('sees that it is being written', () => {
    const glb = aGlb({ padding: 100 });
    for (const bytes of [0, 3, 19, 20, glb.length - 1]) {
      expect(look(glb.subarray(0, bytes))).toEqual({ complete: false, textured: false });
    }
  });

  it('reads no more JSON than a model may have', () => {
    const most = 4 * 1024 ** 2;
    expect(look(withJsonOf(most))).toEqual({ complete: true, textured: true });
    expect(look(withJsonOf(most + 4))).toBeNull();
  });

  it('sees what is none', () => {
    expect(look(Buffer.from('solid no-glb-at-all-but-long-enough'))).toBeNull();
    expect(look(Buffer.from('solid'))).toBeNull();
  });
});
