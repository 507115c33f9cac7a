import type { Document } from '@gltf-transform/core';
import { strFromU8, unzipSync } from 'fflate';
import { aSceneOf, pictureOf } from '../../test/a-scene.js';
import { DocumentBuilder } from '../../test/a-document.js';
import { checker, pixelsOf } from '../../test/a-picture.js';
import { aBox } from '../../test/a-shape.js';
import { geometryByAssimp } from '../../test/assimp.js';
import { threemfByThree } from '../../test/by-three.js';
import { compareScenes, unharmed } from '../../test/compare-scenes.js';
import {
  aBigModel,
  aPatchworkModel,
  aPbrModel,
  aRawShape,
  aSeeThroughModel,
  aTreeModel,
  aVertexColouredModel,
} from '../../test/models.js';
import { bytesOf, materialsOf, sceneOfObject } from '../../test/three-scene.js';
import { readGlb } from '../glb/glb.js';
import { bakedMeshes } from '../scene/bake.js';
import { fromSrgb } from '../scene/colour.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import type { Scene } from '../scene/scene.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { export3mf } from './export-3mf.js';

/** Millimetres, Z up. */
const frame = { metresPerUnit: 0.001, upAxis: 'z' } as const;

const byThree = (file: Uint8Array): Scene => sceneOfObject(threemfByThree(file), frame);

const byAssimp = async (file: Uint8Array): Promise<Scene> => {
  const read = await sceneOf(await readGlb(await geometryByAssimp({ 'model.3mf': file })));
  return aSceneOf(
    [...bakedMeshes(read)].map((mesh) => ({ ...mesh, material: mesh.material?.name ?? null })),
    frame,
  );
};

const modelOf = (file: Uint8Array): string => strFromU8(unzipSync(file)['3D/3dmodel.model']!);
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe('a 3MF', () => {
  it.each<[string, number, () => Document | Promise<Document>]>([
    ['a model with all maps', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['a surface of four materials', 15_872, aPatchworkModel],
    ['vertex colours', 2208, aVertexColouredModel],
  ])('gives three.js and assimp every triangle of %s, facing outwards', async (_, triangles, model) => {
    const scene = await sceneOf(await model());
    const file = await export3mf(scene);
    for (const read of [byThree(file), await byAssimp(file)]) {
      expect(compareScenes(scene, read)).toMatchObject({ triangles, otherTriangles: triangles, found: triangles });
    }
  });

  it('has all of 200,704 triangles, welded', async () => {
    const text = modelOf(await export3mf(await sceneOf(await aBigModel())));
    expect(count(text, /<triangle /g)).toBe(200_704);
    expect(count(text, /<vertex /g)).toBe(448 * 224 + 2);
  });

  it('has the UVs, and the picture times its factor', async () => {
    const scene = await sceneOf(await aPbrModel());
    const object = threemfByThree(await export3mf(scene));
    const agreement = compareScenes(scene, sceneOfObject(object, frame));
    expect(agreement).toMatchObject(unharmed(3968, { normals: false }));
    expect(agreement.uvError).toBeLessThan(2e-6);
    const [material] = [...materialsOf(object).values()].filter(({ map }) => map);
    const pixels = await pixelsOf(await bytesOf(material!.map));
    const base = await pixelsOf(pictureOf(scene, 'base').data);
    const linear = (value: number): number => fromSrgb(value / 255);
    for (const at of [0, 300_000, 600_000]) {
      expect(linear(pixels[at]!)).toBeCloseTo(linear(base[at]!), 2);
      expect(linear(pixels[at + 2]!)).toBeCloseTo(0.8 * linear(base[at + 2]!), 2);
    }
  });

  it('carries a picture without a factor byte by byte, once', async () => {
    const build = new DocumentBuilder();
    const material = build.doc.createMaterial('tiles').setBaseColorTexture(await build.texture('tiles', 32, checker));
    const scene = await sceneOf(build.show('a', aBox(), { material }).show('b', aBox(), { material }).doc);
    const files = unzipSync(await export3mf(scene));
    expect(Object.keys(files)).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      '3D/3dmodel.model',
      '3D/_rels/3dmodel.model.rels',
      '3D/Textures/texture_1.png',
    ]);
    expect(Buffer.from(files['3D/Textures/texture_1.png']!).equals(pictureOf(scene, 'tiles').data)).toBe(true);
  });

  it('has the colours of the vertices', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    const agreement = compareScenes(scene, byThree(await export3mf(scene)));
    expect(agreement.comparedColors).toBe(3 * 2208);
    expect(agreement.colorError).toBeLessThan(0.005);
  });

  it('has the names and colours of plain materials', async () => {
    const materials = materialsOf(threemfByThree(await export3mf(await sceneOf(await aSeeThroughModel()))));
    const near = (value: number) => expect.closeTo(value, 2) as number;
    expect(materials.get('pane')).toMatchObject({
      color: { r: near(0.2), g: near(0.4), b: near(0.8) },
      opacity: near(0.25),
    });
  });

  it('keeps names of every script', async () => {
    const file = await export3mf(await sceneOf(await aTreeModel()), { name: 'мой <стул>' });
    const names: string[] = [];
    threemfByThree(file).traverse(({ name }) => names.push(name));
    expect(names).toEqual(expect.arrayContaining(['椅子 1', 'glass "q" & <x>', '椅子 2']));
    expect(modelOf(file)).toContain('<metadata name="Title">мой &lt;стул&gt;</metadata>');
  });

  it.each<[string, () => Document | Promise<Document>, number]>([
    ['a globe with a seam', aPbrModel, 1],
    ['a surface cut into four', aPatchworkModel, 1],
    ['a bare shape', aRawShape, 1],
    ['a tree of three nodes', aTreeModel, 3],
  ])('makes one object of every node, closed by its indices: %s', async (_, model, objects) => {
    const text = modelOf(await export3mf(await sceneOf(await model())));
    expect(count(text, /<object /g)).toBe(objects);
    expect(count(text, /<item /g)).toBe(objects);
    for (const [object] of text.matchAll(/<object [^]*?<\/object>/g)) {
      const edges = new Map<string, number>();
      for (const [, a, b, c] of object.matchAll(/v1="(\d+)" v2="(\d+)" v3="(\d+)"/g)) {
        for (const [from, to] of [
          [a, b],
          [b, c],
          [c, a],
        ] as const) {
          edges.set(`${from} ${to}`, (edges.get(`${from} ${to}`) ?? 0) + 1);
          edges.set(`${to} ${from}`, (edges.get(`${to} ${from}`) ?? 0) - 1);
        }
      }
      expect([...edges.values()].every((balance) => balance === 0)).toBe(true);
    }
  });

  it('leaves out triangles without area, and refuses a model of nothing else', async () => {
    const scene = await sceneOf(new DocumentBuilder().show('box', aBox()).doc);
    const [primitive] = scene.meshes[0]!.primitives;
    primitive!.indices = Uint32Array.from([...primitive!.indices, 0, 0, 1]);
    expect(count(modelOf(await export3mf(scene)), /<triangle /g)).toBe(12);
    primitive!.indices = new Uint32Array([0, 0, 1]);
    await expect(export3mf(scene)).rejects.toMatchObject({ code: 'no_geometry' });
  });

  it('counts in millimetres, Z up, and is as large as asked', async () => {
    const scene = await sceneOf(await aTreeModel());
    const spans = async (options: object): Promise<number[]> => {
      const { min, max } = measureMesh(sceneOfObject(threemfByThree(await export3mf(scene, options)))).bounds;
      return max.map((value, axis) => value - min[axis]!);
    };
    const { min, max } = measureMesh(scene).bounds;
    const [x, y, z] = max.map((value, axis) => 1000 * (value - min[axis]!)) as [number, number, number];
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 2) as number);
    expect(await spans({ upAxis: 'y' })).toEqual(close([x, z, y]));
    expect(await spans({ sizeMm: 80 })).toEqual(close([80, (80 * z) / x, (80 * y) / x]));
  });

  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await export3mf(scene)).equals(await export3mf(scene))).toBe(true);
  });
});
