import type { Document } from '@gltf-transform/core';
import sharp from 'sharp';
import { geometryByAssimp, materialsByAssimp } from '../../test/assimp.js';
import { readByAutodeskSdk, sdkRunsHere } from '../../test/autodesk-sdk.js';
import { fbxByThree } from '../../test/by-three.js';
import { compareScenes, unharmed } from '../../test/compare-scenes.js';
import { pixelsOf } from '../../test/a-picture.js';
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
import { readGlb, writeGlb } from '../glb/glb.js';
import { fromSrgb } from '../scene/colour.js';
import type { Scene } from '../scene/scene.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { exportFbx } from './export-fbx.js';

interface Journey {
  sent: Scene;
  back: Scene;
}

const throughTheSdk = async (doc: Document): Promise<Journey> => {
  const sent = await sceneOf(await readGlb(await writeGlb(doc)));
  return { sent, back: await sceneOf(await readGlb(await readByAutodeskSdk(await exportFbx(sent)))) };
};

const picture = ({ images }: Scene, name: string) => images.find((one) => one.name.startsWith(name))!.data;

const describeWithSdk = sdkRunsHere ? describe : describe.skip;

describeWithSdk('an FBX, read by the Autodesk FBX SDK', () => {
  it.each([
    ['a model with all maps', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['a surface of four materials', 15_872, aPatchworkModel],
    ['200,704 triangles', 200_704, aBigModel],
  ])('keeps every triangle, UV, normal and material of %s', async (_, triangles, model) => {
    const { sent, back } = await throughTheSdk(await model());
    const agreement = compareScenes(sent, back);
    expect(agreement).toMatchObject({ ...unharmed(triangles), otherMaterial: 0 });
    expect(agreement.uvError).toBeLessThan(1e-6);
    expect(agreement.normalError).toBeLessThan(0.02);
  });

  it('keeps every triangle of a bare shape', async () => {
    const { sent, back } = await throughTheSdk(aRawShape());
    expect(compareScenes(sent, back)).toMatchObject(unharmed(39_600, { uvs: false, normals: false }));
  });

  it('keeps vertex colours, as the sRGB numbers FBX files hold', async () => {
    const { sent, back } = await throughTheSdk(aVertexColouredModel());
    const { colors } = back.meshes[0]!.primitives[0]!;
    for (let i = 0; i < colors!.length; i++) if (i % 4 < 3) colors![i] = fromSrgb(colors![i]!);
    const agreement = compareScenes(sent, back);
    expect(agreement).toMatchObject({ ...unharmed(2208, { uvs: false }), comparedColors: 3 * 2208 });
    expect(agreement.colorError).toBeLessThan(0.005);
  });

  it('keeps the pictures, pixel by pixel', async () => {
    const { sent, back } = await throughTheSdk(await aPbrModel());
    for (const name of ['base', 'normal', 'glow']) {
      expect((await pixelsOf(picture(back, name))).equals(await pixelsOf(picture(sent, name)))).toBe(true);
    }
    const [material] = back.materials;
    expect(material!.baseColorImage!.name).toContain('base');
    expect(material!.normalImage!.name).toContain('normal');
    expect(material!.emissiveImage!.name).toContain('glow');
    // the SDK's glTF converter mixes its own metallic-roughness picture from ours
    expect(material!.metallicRoughnessImage!.name).toContain('roughness');
  });

  it('keeps names of every script, the tree, and one mesh for its instances', async () => {
    const { back } = await throughTheSdk(await aTreeModel());
    // the SDK puts a root node of its own on top
    const root = back.roots[0]!.name === 'корень' ? back.roots[0]! : back.roots[0]!.children[0]!;
    expect(root.name).toBe('корень');
    expect(root.children.map(({ name }) => name)).toEqual(['椅子 1', '椅子 2']);
    expect(root.children[0]!.children[0]!.name).toBe('glass "q" & <x>');
    expect(back.materials.map(({ name }) => name).toSorted()).toEqual(['Holz – Eiche', 'Красный лак', 'ガラス']);
  });
});

describeWithSdk('an FBX with Z up', () => {
  it('is put upright by the Autodesk FBX SDK, because it says so', async () => {
    const sent = await sceneOf(await aTreeModel());
    const back = await sceneOf(await readGlb(await readByAutodeskSdk(await exportFbx(sent, { upAxis: 'z' }))));
    expect(compareScenes(sent, back)).toMatchObject({ ...unharmed(484), otherMaterial: 0 });
  });

  it('is as large as asked', async () => {
    const sent = await sceneOf(await aPbrModel());
    const fbx = await exportFbx(sent, { upAxis: 'z', sizeMm: 2 });
    const { min, max } = measureMesh(await sceneOf(await readGlb(await readByAutodeskSdk(fbx)))).bounds;
    for (let axis = 0; axis < 3; axis++) expect(max[axis]! - min[axis]!).toBeCloseTo(0.002, 8);
  });
});

describe('an FBX, read by three.js', () => {
  it('has every triangle, UV, normal and material, and the tree', async () => {
    const sent = await sceneOf(await aTreeModel());
    const object = fbxByThree(await exportFbx(sent));
    const agreement = compareScenes(sent, sceneOfObject(object, { metresPerUnit: 0.01 }));
    expect(agreement).toMatchObject({ ...unharmed(484), otherMaterial: 0 });
    expect(agreement.uvError).toBeLessThan(1e-6);
    expect(agreement.normalError).toBeLessThan(0.02);
    // three.js makes a lone root its own, and puts underscores in place of spaces
    expect(object.name).toBe('корень');
    expect(object.children.map(({ name }) => name)).toEqual(['椅子_1', '椅子_2']);
  });

  it('binds the pictures it carries', async () => {
    const sent = await sceneOf(await aPbrModel());
    const material = materialsOf(fbxByThree(await exportFbx(sent))).get('PBR')!;
    for (const [slot, name] of [
      ['map', 'base'],
      ['normalMap', 'normal'],
      ['emissiveMap', 'glow'],
    ] as const) {
      expect(Buffer.from(await bytesOf(material[slot])).equals(picture(sent, name))).toBe(true);
    }
  });
});

describe('an FBX, read by assimp', () => {
  it('carries all five pictures in the slots 3D programs look in', async () => {
    const scene = await sceneOf(await aPbrModel());
    const { materials, pictures } = await materialsByAssimp({ 'model.fbx': await exportFbx(scene) });
    expect(materials[0]).toMatchObject({
      '?mat.name': 'PBR',
      '$clr.diffuse': [1, 0.9, 0.8],
      '$mat.roughnessFactor': 0.8,
      '$mat.reflectivity': 0.9,
    });
    const slots = ['DiffuseColor', 'NormalMap', 'EmissiveColor', 'ShininessExponent', 'ReflectionFactor'];
    const files = slots.map((slot) => materials[0]![`$raw.${slot}|file 18`] as string);
    const [base, normal, glow, roughness, metal] = files.map((file) => pictures[Number(file.slice(1))]!);
    expect(base!.equals(picture(scene, 'base'))).toBe(true);
    expect(normal!.equals(picture(scene, 'normal'))).toBe(true);
    expect(glow!.equals(picture(scene, 'glow'))).toBe(true);
    const packed = await pixelsOf(picture(scene, 'roughness'));
    const [rough, metallic] = [await pixelsOf(roughness!), await pixelsOf(metal!)];
    for (const at of [0, 5000, 40_000, 65_535]) {
      expect(rough[at * (rough.length / 65_536)]).toBe(Math.round(packed[at * 3 + 1]! * 0.8));
      expect(metallic[at * (metallic.length / 65_536)]).toBe(Math.round(packed[at * 3 + 2]! * 0.9));
    }
  });

  it('lets light through where the model does', async () => {
    const scene = await sceneOf(await aSeeThroughModel());
    const { materials } = await materialsByAssimp({ 'model.fbx': await exportFbx(scene) });
    const [pane, leaf, veil] = materials;
    expect(pane).toMatchObject({ '?mat.name': 'pane', '$mat.opacity': 0.25 });
    expect(leaf).toMatchObject({ '?mat.name': 'leaf', '$mat.opacity': 1 });
    expect(veil).toMatchObject({ '?mat.name': 'veil', '$mat.opacity': 0.5 });
    for (const cut of [leaf!, veil!]) {
      const slots = Object.keys(cut).filter((key) => key.startsWith('$raw.') && key.includes('|file'));
      expect(new Set(slots.map((slot) => slot.split('|')[0]))).toEqual(
        new Set(['$raw.DiffuseColor', '$raw.TransparentColor']),
      );
    }
  });

  it('has the size of the model in centimetres, and all its triangles', async () => {
    const scene = await sceneOf(await aTreeModel());
    const doc = await readGlb(await geometryByAssimp({ 'model.fbx': await exportFbx(scene) }));
    const toMetres = doc.createNode().setScale([0.01, 0.01, 0.01]);
    const [shown] = doc.getRoot().listScenes();
    for (const node of shown!.listChildren()) toMetres.addChild(node);
    shown!.addChild(toMetres);
    const agreement = compareScenes(scene, await sceneOf(doc));
    expect(agreement).toMatchObject({ ...unharmed(484), otherMaterial: 0 });
    expect(agreement.uvError).toBeLessThan(1e-6);
  });
});

describe('writing an FBX', () => {
  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await exportFbx(scene)).equals(await exportFbx(scene))).toBe(true);
  });

  it('embeds a WebP picture as one every program reads', async () => {
    const doc = await aPbrModel();
    const [texture] = doc.getRoot().listTextures();
    const webp = await sharp(texture!.getImage()!).webp().toBuffer();
    texture!.setImage(new Uint8Array(webp)).setMimeType('image/webp');
    doc.getRoot().listMaterials()[0]!.setBaseColorTexture(texture!);
    const { pictures } = await materialsByAssimp({ 'model.fbx': await exportFbx(await sceneOf(doc)) });
    expect(pictures.map((data) => data.subarray(0, 2).toString('hex')).toSorted()).toEqual([
      '8950',
      '8950',
      '8950',
      '8950',
      'ffd8',
    ]);
  });
});
