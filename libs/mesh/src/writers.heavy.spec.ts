import type { Document } from '@gltf-transform/core';
import { EXTTextureWebP } from '@gltf-transform/extensions';
import { dedup, draco, meshopt, quantize } from '@gltf-transform/functions';
import fc from 'fast-check';
import { MeshoptEncoder } from 'meshoptimizer';
import sharp from 'sharp';
import type { Object3D } from 'three';
import type { Frame } from '../test/a-scene.js';
import { DocumentBuilder } from '../test/a-document.js';
import { checker } from '../test/a-picture.js';
import { aBox } from '../test/a-shape.js';
import { fbxByThree, objByThree, plyByThree, stlByThree, threemfByThree, usdzByThree } from '../test/by-three.js';
import { usdzByTinyUsdz } from '../test/by-tinyusdz.js';
import { compareScenes } from '../test/compare-scenes.js';
import { aPbrModel } from '../test/models.js';
import { sceneOfObject } from '../test/three-scene.js';
import { exportFbx } from './fbx/export-fbx.js';
import { readGlb, writeGlb } from './glb/glb.js';
import { exportObj } from './obj/export-obj.js';
import { exportPly } from './ply/export-ply.js';
import type { ExportOptions } from './scene/arrange.js';
import { sceneOf } from './scene/reading/scene-of.js';
import type { Scene } from './scene/scene.js';
import { exportStl } from './stl/export-stl.js';
import { export3mf } from './threemf/export-3mf.js';
import { exportUsdz } from './usdz/export-usdz.js';

interface Format {
  format: string;
  write: (scene: Scene, options?: ExportOptions) => Promise<Uint8Array>;
  read: (file: Uint8Array) => Object3D;
  frame: Frame;
  /** The file names the axis that is up, and readers put it upright. */
  saysItsAxis?: boolean;
}

const metres: Frame = {};
const printed: Frame = { metresPerUnit: 0.001, upAxis: 'z' };

const formats: Format[] = [
  { format: 'OBJ', write: exportObj, read: objByThree, frame: metres },
  // three.js leaves the unit of an FBX alone
  { format: 'FBX', write: exportFbx, read: fbxByThree, frame: { metresPerUnit: 0.01 }, saysItsAxis: true },
  { format: 'STL', write: exportStl, read: stlByThree, frame: printed },
  { format: 'PLY', write: exportPly, read: plyByThree, frame: metres },
  { format: 'USDZ', write: exportUsdz, read: usdzByThree, frame: metres },
  { format: '3MF', write: export3mf, read: threemfByThree, frame: printed },
];

/** Two boxes, one of them with a picture; everything that has a name has that name. */
async function namedModel(name: string): Promise<Scene> {
  const build = new DocumentBuilder();
  const plain = build.doc.createMaterial(name);
  const tiled = build.doc.createMaterial(name).setBaseColorTexture(await build.texture(name, 8, checker));
  build.show(name, aBox(), { material: plain }).show(name, aBox(), { material: tiled });
  return sceneOf(build.doc);
}

const unpleasantNames = [
  '',
  ' ',
  '"',
  `'''`,
  '"""',
  'a"b\'c`d',
  'tab\there\nand\r\nthere',
  '\0nul\u0001soh\u001b[31mred\u007f',
  'half a pair \ud83d and \ude00 another',
  '🦊 fox 𝒳 𠀋',
  '../../etc/passwd',
  '[0] = {(x)} @asset@ <tag> </Root> # comment /* */',
  ']]> &amp; &#0; <!-- -->',
  '\\',
  '\u202Eright to left',
  '1 2/3',
  'a'.repeat(300),
];

describe.each(formats)('names that are hard to write, in $format', ({ write, read, frame }) => {
  it.each(unpleasantNames)('do no harm: %j', async (name) => {
    const scene = await namedModel(name);
    const back = sceneOfObject(read(await write(scene, { name })), frame);
    expect(compareScenes(scene, back)).toMatchObject({ triangles: 24, otherTriangles: 24, found: 24 });
  });

  it('do no harm, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (name) => {
        const scene = await namedModel(name);
        const back = sceneOfObject(read(await write(scene, { name })), frame);
        expect(compareScenes(scene, back)).toMatchObject({ otherTriangles: 24, found: 24 });
      }),
      { numRuns: 20 },
    );
  });
});

describe('a USDZ with names that are hard to write', () => {
  it('is read by tinyusdz with all of them', async () => {
    const build = new DocumentBuilder();
    for (const name of unpleasantNames) build.show(name, aBox(), { material: build.doc.createMaterial(name) });
    const { scene, names } = await usdzByTinyUsdz(await exportUsdz(await sceneOf(build.doc)));
    expect(scene.meshes).toHaveLength(unpleasantNames.length);
    expect(Object.values(names)).toEqual(
      expect.arrayContaining(['a"b\'c`d', '🦊 fox 𝒳 𠀋', ']]> &amp; &#0; <!-- -->'.replaceAll(']', ')')]),
    );
  });
});

describe('more triangles than memory holds', () => {
  const large = async (): Promise<Scene> => {
    const scene = await namedModel('box');
    const [root] = scene.roots;
    return { ...scene, roots: Array.from({ length: 400_000 }, () => root!) };
  };

  it.each(formats.filter(({ format }) => ['OBJ', 'FBX', 'USDZ', '3MF'].includes(format)))(
    'are refused before they are unfolded, in $format',
    async ({ write }) => {
      await expect(write(await large())).rejects.toMatchObject({ code: 'too_large' });
    },
  );
});

const webp = async (doc: Document): Promise<void> => {
  doc.createExtension(EXTTextureWebP).setRequired(true);
  for (const texture of doc.getRoot().listTextures()) {
    const picture = await sharp(texture.getImage()!).webp({ lossless: true }).toBuffer();
    texture.setImage(new Uint8Array(picture)).setMimeType('image/webp');
  }
};

describe.each<[string, (doc: Document) => Promise<unknown>]>([
  ['Draco', (doc) => doc.transform(dedup(), draco())],
  ['meshopt', (doc) => doc.transform(dedup(), meshopt({ encoder: MeshoptEncoder }))],
  ['quantised', (doc) => doc.transform(dedup(), quantize())],
  ['WebP', webp],
])('a model that came in as %s', (_, pack) => {
  it('goes out whole in every format', async () => {
    const doc = await aPbrModel();
    await pack(doc);
    const scene = await sceneOf(await readGlb(await writeGlb(doc)));
    for (const { write, read, frame } of formats) {
      const back = sceneOfObject(read(await write(scene)), frame);
      expect(compareScenes(scene, back)).toMatchObject({ otherTriangles: 3968, found: 3968 });
    }
  });
});

describe.each(formats.filter(({ format }) => !['USDZ', '3MF'].includes(format)))(
  '$format',
  ({ write, read, frame, saysItsAxis }) => {
    it('stands on either axis and takes a size', async () => {
      const scene = await namedModel('box');
      for (const upAxis of ['y', 'z'] as const) {
        const back = sceneOfObject(read(await write(scene, { upAxis, sizeMm: 1000 })), {
          ...frame,
          upAxis: saysItsAxis ? 'y' : upAxis,
        });
        expect(compareScenes(scene, back)).toMatchObject({ otherTriangles: 24, found: 24 });
      }
    });
  },
);
