import { isPainted, paintOf } from './paint.js';
import { defaultMaterial, type Image, type Material } from './scene.js';

const image: Image = { name: 'a', key: 'a', data: new Uint8Array(), mediaType: 'image/png', width: 1, height: 1 };
const wearing = (about: Partial<Material>): Material => ({ ...defaultMaterial, ...about });
const half = new Float32Array([1, 0.5, 0, 0.5]);

describe('the paint of a vertex', () => {
  it.each<[string, Material | null, Float32Array | null, string]>([
    ['is the base colour, encoded for the screen', wearing({ baseColor: [1, 0.5, 0, 1] }), null, 'ffbc00ff'],
    ['is the vertex colour times the base colour', wearing({ baseColor: [0.5, 1, 1, 1] }), half, 'bcbc00ff'],
    ['is the vertex colour alone without a material', null, half, 'ffbc00ff'],
    ['is a neutral grey without either', null, null, 'e7e7e7ff'],
    ['has alpha where it is blended', wearing({ baseColor: [1, 1, 1, 0.5], alphaMode: 'BLEND' }), half, 'ffbc0040'],
    ['has none where it is cut out', wearing({ baseColor: [1, 1, 1, 0.5], alphaMode: 'MASK' }), half, 'ffbc00ff'],
    ['stays within what a byte holds', wearing({ baseColor: [4, 1, 1, 1] }), half, 'ffbc00ff'],
  ])('%s', (_, material, colors, paint) => {
    expect(paintOf({ material, colors })(0).toString(16)).toBe(paint);
  });
});

describe('a mesh', () => {
  const shape = { name: '', positions: half, normals: null, uvs: null, indices: new Uint32Array() };

  it.each<[string, Material | null, Float32Array | null, boolean]>([
    ['with vertex colours is painted', null, half, true],
    ['with a plain material is painted', wearing({}), null, true],
    ['with a picture is not', wearing({ baseColorImage: image }), null, false],
    ['without a material is not', null, null, false],
  ])('%s', (_, material, colors, painted) => {
    expect(isPainted({ ...shape, material, colors })).toBe(painted);
  });
});
