import type { Document } from '@gltf-transform/core';
import { unzipSync } from 'fflate';
import { DocumentBuilder } from '../test/a-document.js';
import { aBox } from '../test/a-shape.js';
import { infoByPrusaSlicer, isInstalled, readByBlender } from '../test/desktop-programs.js';
import { aBigModel, aPatchworkModel, aPbrModel, aTreeModel, aVertexColouredModel } from '../test/models.js';
import { exportFbx } from './fbx/export-fbx.js';
import { exportObj } from './obj/export-obj.js';
import { exportPly } from './ply/export-ply.js';
import { sceneOf } from './scene/reading/scene-of.js';
import type { Scene } from './scene/scene.js';
import { measureMesh } from './statistics/measure-mesh.js';
import { exportStl } from './stl/export-stl.js';
import { export3mf } from './threemf/export-3mf.js';

const missing = ['blender', 'prusa-slicer'].filter((program) => !isInstalled(program));
const describeReaders = missing.length === 0 ? describe : describe.skip;
const why =
  missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not installed; tools/format-readers.sh does it)`;

type Model = () => Document | Promise<Document>;

const files = async (scene: Scene): Promise<Record<string, Uint8Array>> => ({
  'model.fbx': await exportFbx(scene),
  'model.stl': await exportStl(scene),
  'model.ply': await exportPly(scene),
  'model.3mf': await export3mf(scene),
  ...unzipSync(await exportObj(scene)),
});

/** The size of a scene along x, y and z. */
const spans = ({ min, max }: { min: number[]; max: number[] }): number[] => max.map((value, k) => value - min[k]!);

const close = (values: number[], digits: number) => values.map((value) => expect.closeTo(value, digits) as number);

describeReaders(`desktop programs${why}`, () => {
  jest.setTimeout(120_000);

  it.each<[string, number, Model]>([
    ['a model with all maps', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['vertex colours', 2208, aVertexColouredModel],
    ['200,704 triangles', 200_704, aBigModel],
  ])('Blender gets the size, volume and triangles of %s from FBX, OBJ, STL and PLY', async (_, triangles, model) => {
    const scene = await sceneOf(await model());
    const written = await files(scene);
    const { bounds, volume } = measureMesh(scene);
    const [x, y, z] = spans(bounds) as [number, number, number];
    // what the importer of each does by itself: FBX and OBJ are turned upright, PLY and STL are taken as they are
    const expected = { fbx: [x, z, y], obj: [x, z, y], ply: [x, y, z], stl: [1000 * x, 1000 * z, 1000 * y] };
    for (const [format, size] of Object.entries(expected)) {
      const report = await readByBlender(`model.${format}`, written);
      const scale = format === 'stl' ? 1000 : 1;
      expect(report.triangles).toBe(triangles);
      expect(spans(report).map((value) => value / scale)).toEqual(
        close(
          size.map((value) => value / scale),
          4,
        ),
      );
      expect(report.volume / scale ** 3).toBeCloseTo(volume, 3);
    }
  });

  it('Blender binds every picture of an FBX, each in its slot', async () => {
    const report = await readByBlender('model.fbx', await files(await sceneOf(await aPbrModel())));
    expect(report.materials[0]!.name).toBe('PBR');
    expect(report.materials[0]!.pictures).toEqual({
      'Base Color': expect.stringContaining('base') as string,
      Metallic: expect.stringContaining('metallic') as string,
      Roughness: expect.stringContaining('roughness') as string,
      Normal: expect.stringContaining('normal') as string,
      Emission: expect.stringContaining('glow') as string,
    });
    expect(
      Object.values(report.pictures)
        .map(([width]) => width!)
        .toSorted((a, b) => a - b),
    ).toEqual([128, 256, 256, 512, 512]);
  });

  it('Blender binds the pictures of an OBJ that its importer knows', async () => {
    const report = await readByBlender('model.obj', await files(await sceneOf(await aPbrModel())));
    expect(report.materials[0]!.pictures).toMatchObject({
      'Base Color': 'model_base.png',
      Normal: 'model_normal.png',
      Emission: 'model_glow.png',
    });
  });

  it('Blender keeps names of every script', async () => {
    const written = await files(await sceneOf(await aTreeModel()));
    const { names, materials } = await readByBlender('model.fbx', written);
    expect(names).toEqual(expect.arrayContaining(['корень', '椅子 1', '椅子 2', 'glass "q" & <x>']));
    expect(materials.map(({ name }) => name).toSorted()).toEqual(['Holz – Eiche', 'Красный лак', 'ガラス']);
  });

  it('Blender sees UVs and vertex colours', async () => {
    const textured = await files(await sceneOf(await aPbrModel()));
    const painted = await files(await sceneOf(aVertexColouredModel()));
    for (const format of ['fbx', 'obj', 'ply']) {
      expect(await readByBlender(`model.${format}`, textured)).toMatchObject({ uvs: true });
      expect(await readByBlender(`model.${format}`, painted)).toMatchObject({ colours: true });
    }
  });

  it.each<[string, number, Model]>([
    ['a globe with a seam', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['a surface cut into four', 15_872, aPatchworkModel],
    ['200,704 triangles', 200_704, aBigModel],
  ])('PrusaSlicer finds %s closed, facing outwards, as STL, OBJ and 3MF', async (_, triangles, model) => {
    const scene = await sceneOf(await model());
    const written = await files(scene);
    const { volume } = measureMesh(scene);
    for (const [format, unit] of [
      ['stl', 1000],
      ['3mf', 1000],
      ['obj', 1],
    ] as const) {
      const { manifold, triangles: found, volume: measured } = await infoByPrusaSlicer(`model.${format}`, written);
      expect({ format, manifold, found }).toEqual({ format, manifold: true, found: triangles });
      expect(measured / unit ** 3 / volume).toBeCloseTo(1, 3);
    }
  });

  it('PrusaSlicer finds STL and 3MF upright and as large as asked, in millimetres', async () => {
    const build = new DocumentBuilder();
    const box = build.mesh('box', build.primitive(aBox()));
    build.place(build.doc.createNode('box').setMesh(box).setScale([1, 2, 3]));
    const scene = await sceneOf(build.doc);
    for (const write of [exportStl, export3mf]) {
      const file = write === exportStl ? 'model.stl' : 'model.3mf';
      expect((await infoByPrusaSlicer(file, { [file]: await write(scene) })).size).toEqual(
        close([1000, 3000, 2000], 2),
      );
      const small = await infoByPrusaSlicer(file, { [file]: await write(scene, { sizeMm: 60 }) });
      expect(small.size).toEqual(close([20, 60, 40], 3));
    }
  });
});
