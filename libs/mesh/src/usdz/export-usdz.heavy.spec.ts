import type { Document } from '@gltf-transform/core';
import { unzipSync } from 'fflate';
import { pictureOf } from '../../test/a-scene.js';
import { pixelsOf } from '../../test/a-picture.js';
import { usdzByThree } from '../../test/by-three.js';
import { type ReadUsdz, type UsdSurface, usdzByTinyUsdz } from '../../test/by-tinyusdz.js';
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
import { bakedMeshes } from '../scene/bake.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import type { Scene } from '../scene/scene.js';
import { exportUsdz } from './export-usdz.js';

const layerOf = (usdz: Uint8Array): string => Buffer.from(unzipSync(usdz)['model.usda']!).toString();

/** What tinyusdz read, with the names of our materials: it numbers them as the meshes come. */
function renamed({ scene }: ReadUsdz, sent: Scene): Scene {
  const names = [...new Set([...bakedMeshes(sent)].map(({ material }) => material?.name))];
  for (const material of scene.materials) material.name = names[Number(material.name)]!;
  return scene;
}

const isBound = async (surface: UsdSurface, slot: string, picture: Uint8Array): Promise<boolean> =>
  (await pixelsOf(Buffer.from(surface.pictures[slot]!.data, 'base64'))).equals(await pixelsOf(picture));

describe('a USDZ, read by tinyusdz', () => {
  it.each<[string, number, () => Document | Promise<Document>, object]>([
    ['a model with all maps', 3968, aPbrModel, {}],
    ['a surface of four materials', 15_872, aPatchworkModel, { uvs: false }],
    ['vertex colours', 2208, aVertexColouredModel, { uvs: false }],
    ['200,704 triangles', 200_704, aBigModel, {}],
  ])('has every triangle, normal and material of %s', async (_, triangles, model, parts) => {
    const sent = await sceneOf(await model());
    const agreement = compareScenes(sent, renamed(await usdzByTinyUsdz(await exportUsdz(sent)), sent));
    expect(agreement).toMatchObject({ ...unharmed(triangles, parts), otherMaterial: 0 });
    expect(agreement.uvError).toBeLessThan(2e-6);
    expect(agreement.normalError).toBeLessThan(0.02);
  });

  it('has mirrored and repeated nodes where they belong, facing outwards', async () => {
    const sent = await sceneOf(await aTreeModel());
    const agreement = compareScenes(sent, renamed(await usdzByTinyUsdz(await exportUsdz(sent)), sent));
    // tinyusdz reads UVs only where a picture needs them: those of the two wooden globes
    expect(agreement.comparedUvs).toBeGreaterThanOrEqual(3 * 448);
    expect(agreement).toMatchObject({ triangles: 484, otherTriangles: 484, found: 484, otherMaterial: 0 });
    expect(agreement.uvError).toBeLessThan(2e-6);
  });

  it('has a bare shape', async () => {
    const sent = await sceneOf(aRawShape());
    const { scene } = await usdzByTinyUsdz(await exportUsdz(sent));
    expect(compareScenes(sent, scene)).toMatchObject(unharmed(39_600, { uvs: false, normals: false }));
  });

  it('has every picture in its slot, read in the right colour space', async () => {
    const sent = await sceneOf(await aPbrModel());
    const { materials } = await usdzByTinyUsdz(await exportUsdz(sent));
    const [surface] = materials;
    const slots = {
      diffuseColor: ['base', 'srgb'],
      emissiveColor: ['glow', 'srgb'],
      normal: ['normal', 'raw'],
      roughness: ['roughness', 'raw'],
      metallic: ['roughness', 'raw'],
      occlusion: ['roughness', 'raw'],
    };
    for (const [slot, [name, space]] of Object.entries(slots)) {
      expect(await isBound(surface!, slot, pictureOf(sent, name!).data)).toBe(true);
      expect(surface!.pictures[slot]!.colorSpace).toBe(space);
    }
    expect(surface!.pictures.opacity).toBeNull();
  });

  it('has the numbers of plain materials, and what lets light through', async () => {
    const sent = await sceneOf(await aSeeThroughModel());
    const [pane, leaf, veil] = (await usdzByTinyUsdz(await exportUsdz(sent))).materials;
    const near = (value: number) => expect.closeTo(value, 6) as number;
    expect(pane!.values).toMatchObject({ diffuseColor: [0.2, 0.4, 0.8].map(near), opacity: 0.25, metallic: 1 });
    expect(leaf!.values).toMatchObject({ opacityThreshold: near(0.3) });
    expect(leaf!.pictures.opacity!.uri).toBe(leaf!.pictures.diffuseColor!.uri);
    expect(veil!.pictures.opacity!.uri).toBe('textures/cut_out.png');
    expect(veil!.values).toMatchObject({ opacityThreshold: 0 });
  });

  it('keeps names of every script as display names', async () => {
    const { names } = await usdzByTinyUsdz(await exportUsdz(await sceneOf(await aTreeModel()), { name: 'мой "стул"' }));
    expect(names).toMatchObject({
      '/Root': 'мой "стул"',
      '/Root/glass_q_x': 'glass "q" & <x>',
      '/Root/_2_2': '椅子 2_2',
      '/Root/Materials/Holz_Eiche': 'Holz – Eiche',
      '/Root/Materials/material': 'Красный лак',
      '/Root/Materials/material_2': 'ガラス',
    });
  });
});

describe('a USDZ, read by three.js', () => {
  it.each<[string, number, () => Document | Promise<Document>, object]>([
    ['a model with all maps', 3968, aPbrModel, {}],
    ['a tree with mirrors and instances', 484, aTreeModel, {}],
    ['a bare shape', 39_600, aRawShape, { uvs: false, normals: false }],
  ])('has every triangle, UV and normal of %s', async (_, triangles, model, parts) => {
    const sent = await sceneOf(await model());
    const agreement = compareScenes(sent, sceneOfObject(usdzByThree(await exportUsdz(sent))));
    expect(agreement).toMatchObject(unharmed(triangles, parts));
    expect(agreement.uvError).toBeLessThan(2e-6);
  });

  it('has the pictures and factors of a model with all maps', async () => {
    const sent = await sceneOf(await aPbrModel());
    const material = materialsOf(usdzByThree(await exportUsdz(sent))).get('globe')!;
    const near = (value: number) => expect.closeTo(value, 5) as number;
    expect(material.color).toMatchObject({ r: 1, g: near(0.9), b: near(0.8) });
    for (const [slot, name] of [
      ['map', 'base'],
      ['normalMap', 'normal'],
      ['emissiveMap', 'glow'],
      ['roughnessMap', 'roughness'],
      ['metalnessMap', 'roughness'],
      ['aoMap', 'roughness'],
    ] as const) {
      expect(Buffer.from(await bytesOf(material[slot])).equals(pictureOf(sent, name).data)).toBe(true);
    }
  });

  it('shows the mean of vertex colours, which it does not know', async () => {
    const sent = await sceneOf(aVertexColouredModel());
    const { color } = materialsOf(usdzByThree(await exportUsdz(sent))).get('painted')!;
    expect(color).toMatchObject({ r: expect.closeTo(0.5, 1) as number, b: expect.closeTo(128 / 255, 2) as number });
  });

  it('has the alpha of a cut-out leaf and of a blended pane', async () => {
    const materials = materialsOf(usdzByThree(await exportUsdz(await sceneOf(await aSeeThroughModel()))));
    expect(materials.get('leaf')).toMatchObject({ alphaTest: 0.3, transparent: false });
    expect(materials.get('pane')).toMatchObject({ opacity: 0.25, transparent: true });
    expect(materials.get('veil')).toMatchObject({ transparent: true });
  });
});

describe('a USDZ package', () => {
  it('stores every file at a multiple of 64, the layer first', async () => {
    const usdz = Buffer.from(await exportUsdz(await sceneOf(await aPbrModel())));
    const names: string[] = [];
    for (let at = 0; usdz.readUInt32LE(at) === 0x04034b50;) {
      const [size, nameBytes, extraBytes] = [
        usdz.readUInt32LE(at + 18),
        usdz.readUInt16LE(at + 26),
        usdz.readUInt16LE(at + 28),
      ];
      const data = at + 30 + nameBytes + extraBytes;
      names.push(usdz.toString('utf8', at + 30, at + 30 + nameBytes));
      expect({ method: usdz.readUInt16LE(at + 8), offset: data % 64 }).toEqual({ method: 0, offset: 0 });
      at = data + size;
    }
    expect(names).toEqual([
      'model.usda',
      'textures/base.png',
      'textures/normal.png',
      'textures/roughness_and_metal.png',
      'textures/glow.png',
    ]);
  });

  it('has linear colours a vertex, and lets the surface read them', async () => {
    const sent = await sceneOf(aVertexColouredModel());
    const layer = layerOf(await exportUsdz(sent));
    expect(layer).toContain('color3f inputs:diffuseColor.connect = </Root/Materials/painted/colour.outputs:result>');
    const [, list] = /displayColor = \[(.*)\] \(\n/.exec(layer)!;
    const written = list!
      .split(/[(), ]+/)
      .filter((text) => text !== '')
      .map(Number);
    const { colors } = sent.meshes[0]!.primitives[0]!;
    expect(written).toHaveLength((colors!.length / 4) * 3);
    for (const vertex of [0, 100, 500]) {
      for (let k = 0; k < 3; k++) expect(written[3 * vertex + k]).toBeCloseTo(colors![4 * vertex + k]!, 6);
    }
  });

  it('is as large as asked, in metres', async () => {
    const sent = await sceneOf(await aPbrModel());
    const layer = layerOf(await exportUsdz(sent, { sizeMm: 300, upAxis: 'z' }));
    expect(layer).toMatch(/extent = \[\((-0\.15\d*, ){2}-0\.15\d*\), \((0\.15\d*, ){2}0\.15\d*\)\]/);
    expect(layer).toContain('metersPerUnit = 1\nupAxis = "Y"');
  });

  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await exportUsdz(scene)).equals(await exportUsdz(scene))).toBe(true);
  });
});
