import type { Document, Transform } from '@gltf-transform/core';
import { draco, meshopt, quantize, textureCompress } from '@gltf-transform/functions';
import { MeshoptEncoder } from 'meshoptimizer';
import sharp from 'sharp';
import { aGlbOf, aTriangle, triangleBytes } from '../../test/a-glb.js';
import { aPbrModel, aTreeModel } from '../../test/models.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { readGlb, writeGlb } from './glb.js';

const statisticsOf = async (doc: Document) => measureMesh(await sceneOf(doc));

const packings: [string, Transform[]][] = [
  ['plain', []],
  ['Draco', [draco()]],
  ['meshopt', [meshopt({ encoder: MeshoptEncoder, level: 'medium' })]],
  ['quantised with WebP pictures', [quantize(), textureCompress({ encoder: sharp, targetFormat: 'webp' })]],
];

describe('reading a GLB', () => {
  it.each(packings)('understands a %s one', async (_, packing) => {
    const doc = await aPbrModel();
    const plain = await statisticsOf(doc);
    await doc.transform(...packing);
    const read = await statisticsOf(await readGlb(await writeGlb(doc)));
    expect(read).toMatchObject({ triangles: 3968, parts: 1, watertight: true, materials: 1 });
    expect(read.textures.map(({ width }) => width)).toEqual(plain.textures.map(({ width }) => width));
    expect(read.volume).toBeCloseTo(plain.volume, 2);
  });

  it('reads from the middle of another buffer, at an odd offset', async () => {
    const glb = aGlbOf(aTriangle(), triangleBytes());
    const parcel = new Uint8Array(glb.length + 3);
    parcel.set(glb, 3);
    expect(await statisticsOf(await readGlb(parcel.subarray(3)))).toMatchObject({ triangles: 1, open_edges: 3 });
  });

  it('keeps what it read when it writes it again', async () => {
    const glb = await writeGlb(await aPbrModel());
    expect(Buffer.from(await writeGlb(await readGlb(glb))).equals(glb)).toBe(true);
  });
});

const circle = [{ children: [1] }, { children: [0], mesh: 0 }];
const chain = Array.from({ length: 400 }, (_, i) => (i < 399 ? { children: [i + 1] } : { mesh: 0 }));
const [position, corners] = aTriangle().accessors!;
const accessor = (about: object) => aTriangle({ accessors: [{ ...position!, ...about }, corners!] });

const refused: [string, string, Uint8Array][] = [
  ['nothing', 'invalid_glb', new Uint8Array(0)],
  ['text', 'invalid_glb', Buffer.from('{"asset":{"version":"2.0"}}')],
  ['a picture', 'invalid_glb', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['half a file', 'invalid_glb', aGlbOf(aTriangle(), triangleBytes()).subarray(0, 200)],
  ['a chunk longer than the file', 'invalid_glb', aGlbOf(aTriangle()).fill(255, 12, 16)],
  ['broken JSON', 'invalid_glb', aGlbOf('{"asset":')],
  ['JSON that is no object', 'invalid_glb', aGlbOf('null')],
  ['no asset', 'invalid_glb', aGlbOf({})],
  ['glTF 1.0', 'unsupported_glb', aGlbOf(aTriangle({ asset: { version: '1.0' } }), triangleBytes())],
  ['a missing binary chunk', 'invalid_glb', aGlbOf(aTriangle())],
  ['an external buffer', 'invalid_glb', aGlbOf(aTriangle({ buffers: [{ byteLength: 44, uri: 'etc/secret.bin' }] }))],
  ['an index beyond the vertices', 'invalid_glb', aGlbOf(aTriangle(), triangleBytes([0, 1, 9]))],
  ['an endless position', 'invalid_glb', aGlbOf(aTriangle(), triangleBytes([0, 1, 2], Infinity))],
  ['a position that is no number', 'invalid_glb', aGlbOf(aTriangle(), triangleBytes([0, 1, 2], NaN))],
  ['an accessor past its data', 'invalid_glb', aGlbOf(accessor({ count: 4000 }), triangleBytes())],
  ['an accessor of an unknown type', 'invalid_glb', aGlbOf(accessor({ type: 'VEC9' }), triangleBytes())],
  ['a negative count', 'invalid_glb', aGlbOf(accessor({ count: -1 }), triangleBytes())],
  ['positions of two axes', 'invalid_glb', aGlbOf(accessor({ type: 'VEC2' }), triangleBytes())],
  ['a gigantic claim', 'too_large', aGlbOf(accessor({ bufferView: undefined, count: 2 ** 40 }))],
  ['nodes in a circle', 'invalid_glb', aGlbOf(aTriangle({ nodes: circle }), triangleBytes())],
  ['a node with two parents', 'invalid_glb', aGlbOf(aTriangle({ nodes: [{ children: [2] }, { children: [2] }, {}] }))],
  ['a child that does not exist', 'invalid_glb', aGlbOf(aTriangle({ nodes: [{ children: [7] }] }), triangleBytes())],
  ['nodes nested without end', 'too_large', aGlbOf(aTriangle({ nodes: chain }), triangleBytes())],
  ['an unknown extension', 'unsupported_glb', aGlbOf(aTriangle({ extensionsRequired: ['ACME_shape'] }))],
  [
    'normals for fewer vertices',
    'invalid_glb',
    aGlbOf(
      aTriangle({
        accessors: [position!, { ...position!, count: 2 }],
        meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 } }] }],
      }),
      triangleBytes(),
    ),
  ],
];

describe('a file that is no sound GLB', () => {
  it.each(refused)('is refused: %s (%s)', async (_, code, bytes) => {
    await expect(readGlb(bytes)).rejects.toMatchObject({ name: 'MeshError', code });
  });

  it('is refused wherever a byte is damaged, or still read, but never crashes', async () => {
    const glb = await writeGlb(await aTreeModel());
    for (let at = 0; at < 4000; at += 41) {
      const damaged = glb.slice();
      damaged[at]! ^= 0x55;
      const outcome = await readGlb(damaged)
        .then(sceneOf)
        .then(
          () => 'read',
          (error: Error) => error.name,
        );
      expect(['read', 'MeshError']).toContain(outcome);
    }
  });
});

describe('a picture inside a GLB', () => {
  it('is refused when it is broken', async () => {
    const doc = await aPbrModel();
    doc
      .getRoot()
      .listTextures()[0]!
      .setImage(new Uint8Array([137, 80, 78, 71, 1, 2, 3]));
    await expect(sceneOf(doc)).rejects.toMatchObject({ code: 'invalid_image' });
  });

  it('is refused when it would not fit in memory', async () => {
    const doc = await aPbrModel();
    const giant = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'red' } })
      .png({ palette: true })
      .toBuffer();
    doc.getRoot().listTextures()[0]!.setImage(new Uint8Array(giant));
    await expect(sceneOf(doc)).rejects.toMatchObject({ code: 'too_large' });
  });
});
