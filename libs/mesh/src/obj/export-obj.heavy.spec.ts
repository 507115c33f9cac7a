import { unzipSync } from 'fflate';
import type { Document } from '@gltf-transform/core';
import { geometryByAssimp } from '../../test/assimp.js';
import { objByThree } from '../../test/by-three.js';
import { compareScenes, unharmed } from '../../test/compare-scenes.js';
import { pixelsOf } from '../../test/a-picture.js';
import {
  aBigModel,
  aPbrModel,
  aRawShape,
  aSeeThroughModel,
  aTreeModel,
  aVertexColouredModel,
} from '../../test/models.js';
import { fileOf, materialsOf, sceneOfObject } from '../../test/three-scene.js';
import { readGlb } from '../glb/glb.js';
import { fromSrgb } from '../scene/colour.js';
import { safeName } from '../scene/names.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { exportObj } from './export-obj.js';

const unpacked = async (doc: Document, name = 'model') => unzipSync(await exportObj(await sceneOf(doc), { name }));

const textOf = (files: Record<string, Uint8Array>, suffix: string): string => {
  const name = Object.keys(files).find((file) => file.endsWith(suffix));
  return Buffer.from(files[name!]!).toString();
};

describe('an OBJ archive', () => {
  it.each([
    ['a model with all maps', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['a bare shape', 39_600, aRawShape],
  ])('gives assimp every triangle, UV and normal of %s', async (_, triangles, model) => {
    const scene = await sceneOf(await model());
    for (const material of scene.materials) material.name = safeName(material.name);
    const files = unzipSync(await exportObj(scene));
    const read = await sceneOf(await readGlb(await geometryByAssimp(files)));
    const agreement = compareScenes(scene, read);
    expect(agreement).toMatchObject({ triangles, otherTriangles: triangles, found: triangles });
    expect(agreement.otherMaterial).toBe(scene.materials.length === 0 ? triangles : 0);
    expect(agreement.comparedUvs).toBe(scene.meshes[0]!.primitives[0]!.uvs ? 3 * triangles : 0);
    expect(agreement.uvError).toBeLessThan(2e-6);
    expect(agreement.normalError).toBeLessThan(0.02);
    const [sent, back] = [measureMesh(scene), measureMesh(read)];
    expect(back.bounds.min.map((value, k) => Math.abs(value - sent.bounds.min[k]!) < 1e-5)).toEqual([true, true, true]);
    expect(back.bounds.max.map((value, k) => Math.abs(value - sent.bounds.max[k]!) < 1e-5)).toEqual([true, true, true]);
    expect(back.volume).toBeCloseTo(sent.volume, 3);
  });

  it('writes all of 200,704 triangles, and every position once', async () => {
    const obj = textOf(await unpacked(await aBigModel()), '.obj');
    const count = (start: string): number => obj.split(`\n${start} `).length - 1;
    expect([count('v'), count('vt'), count('vn'), count('f')]).toEqual([448 * 224 + 2, 449 * 226, 449 * 226, 200_704]);
  });

  it('gives three.js every corner, material and picture of a tree with mirrors and instances', async () => {
    const scene = await sceneOf(await aTreeModel());
    const object = objByThree(await exportObj(scene, { name: 'tree' }));
    for (const material of scene.materials) material.name = safeName(material.name);
    expect(compareScenes(scene, sceneOfObject(object))).toMatchObject({ ...unharmed(484), otherMaterial: 0 });
    expect(object.children.map(({ name }) => name)).toContain('glass_q_x');
    const materials = materialsOf(object);
    expect(fileOf(materials.get('Holz_Eiche')!.map)).toBe('textures/tree_木目.jpg');
    expect(materials.get('ガラス')).toMatchObject({ opacity: 0.4, transparent: true });
  });

  it('gives three.js the colours of the vertices', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    const agreement = compareScenes(scene, sceneOfObject(objByThree(await exportObj(scene))));
    expect(agreement).toMatchObject({ ...unharmed(2208, { uvs: false }), comparedColors: 3 * 2208 });
    expect(agreement.colorError).toBeLessThan(0.005);
  });

  it('holds every picture its material library names, and no other', async () => {
    const files = await unpacked(await aPbrModel());
    const named = [...textOf(files, '.mtl').matchAll(/^(?:map_\w+|norm) (?:-bm \S+ )?(.+)$/gm)].map(
      ([, path]) => path!,
    );
    expect([...new Set(named)].toSorted()).toEqual(
      Object.keys(files)
        .filter((name) => name.startsWith('textures/'))
        .toSorted(),
    );
    expect(named).toHaveLength(6);
  });

  it('writes the PBR keys beside the classic ones', async () => {
    const mtl = textOf(await unpacked(await aPbrModel()), '.mtl');
    expect(mtl).toContain('newmtl PBR\nKd 1 0.9 0.8\nKe 1 1 1\nd 1\nNs 40\nPr 0.8\nPm 0.9\nillum 2\n');
    expect(mtl).toMatch(/map_Kd textures\/model_base\.png\n/);
    expect(mtl).toMatch(/map_Bump -bm 1 textures\/model_normal\.png\nnorm textures\/model_normal\.png\n/);
    expect(mtl).toMatch(/map_Pr .+_roughness_800\.png\nmap_Pm .+_metallic_900\.png\n/);
  });

  it('lets light through where the model does', async () => {
    const mtl = textOf(await unpacked(await aSeeThroughModel()), '.mtl');
    const [pane, leaf, veil] = mtl.split('\n\n');
    expect(pane).toMatch(/^newmtl pane\n[^]*\nd 0\.25\n/);
    expect(pane).not.toContain('map_');
    expect(leaf).toMatch(/\nd 1\n[^]*\nmap_d textures\/model_cut_out\.png/);
    expect(veil).toMatch(/\nd 0\.5\n[^]*\nmap_d textures\/model_cut_out\.png/);
  });

  it('splits roughness and metalness, multiplied by their factors', async () => {
    const doc = await aPbrModel();
    const files = await unpacked(doc);
    const packed = await pixelsOf(doc.getRoot().listTextures()[0]!.getImage()!);
    const name = Object.keys(files).find((file) => file.includes('_roughness_800'))!;
    const rough = await pixelsOf(files[name]!);
    const channels = rough.length / 65_536;
    for (const at of [0, 5000, 65_535]) expect(rough[at * channels]).toBe(Math.round(packed[at * 3 + 1]! * 0.8));
  });

  it('keeps the base colour picture pixel by pixel', async () => {
    const doc = await aPbrModel();
    const files = await unpacked(doc);
    expect(Buffer.from(files['textures/model_base.png']!).equals(doc.getRoot().listTextures()[1]!.getImage()!)).toBe(
      true,
    );
  });

  it('keeps names of every script and takes out what OBJ cannot quote', async () => {
    const files = await unpacked(await aTreeModel(), 'мой стул / "v2"');
    expect(Object.keys(files)).toEqual(['мой_стул_v2.obj', 'мой_стул_v2.mtl', 'textures/мой_стул_v2_木目.jpg']);
    const obj = textOf(files, '.obj');
    expect([...obj.matchAll(/^o (.+)$/gm)].map(([, name]) => name)).toEqual(['椅子_1', 'glass_q_x', '椅子_2']);
    expect(obj).toContain('mtllib мой_стул_v2.mtl\n');
    expect([...textOf(files, '.mtl').matchAll(/^newmtl (.+)$/gm)].map(([, name]) => name)).toEqual([
      'Красный_лак',
      'Holz_Eiche',
      'ガラス',
    ]);
  });

  it('writes vertex colours as sRGB after the position', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    const obj = textOf(unzipSync(await exportObj(scene)), '.obj');
    const line = obj.split('\n').filter((one) => one.startsWith('v '))[100]!;
    const numbers = line.split(' ').slice(1).map(Number);
    const { positions, colors } = scene.meshes[0]!.primitives[0]!;
    for (let k = 0; k < 3; k++) {
      expect(numbers[k]).toBeCloseTo(positions[300 + k]!, 6);
      expect(fromSrgb(numbers[3 + k]!)).toBeCloseTo(colors![400 + k]!, 5);
    }
  });

  it('never writes a minus zero, an exponent or NaN', async () => {
    const obj = textOf(await unpacked(aRawShape()), '.obj');
    expect(obj).not.toMatch(/-0(?:\.0*)?[ \n]|e-|NaN/);
  });

  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await exportObj(scene, { name: 'a' })).equals(await exportObj(scene, { name: 'a' }))).toBe(true);
  });
});
