import { EXTMeshGPUInstancing, KHRTextureTransform } from '@gltf-transform/extensions';
import { DocumentBuilder } from '../../../test/a-document.js';
import { checker } from '../../../test/a-picture.js';
import { aBox, aGlobe } from '../../../test/a-shape.js';
import { aTreeModel, aVertexColouredModel } from '../../../test/models.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { bakedMeshes } from '../bake.js';
import { sceneOf } from './scene-of.js';

const quad = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]) };

describe('the scene of a document', () => {
  it('keeps the tree, the names and one mesh for its two instances', async () => {
    const scene = await sceneOf(await aTreeModel());
    const [root] = scene.roots;
    expect(root!.name).toBe('корень');
    expect(root!.children.map(({ name }) => name)).toEqual(['椅子 1', '椅子 2']);
    expect(root!.children[0]!.mesh).toBe(root!.children[1]!.mesh);
    expect(scene.materials.map(({ name }) => name)).toEqual(['Красный лак', 'ガラス', 'Holz – Eiche']);
  });

  it('places nested nodes in the world', async () => {
    const scene = await sceneOf(await aTreeModel());
    const glass = scene.roots[0]!.children[0]!.children[0]!;
    // 4 along z, stretched threefold, turned a quarter onto x, moved by 10
    expect(glass.world.slice(12, 15).map((value) => Math.round(value) + 0)).toEqual([22, 0, 0]);
  });

  it('scales byte colours to 0–1 and adds no UVs', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    const [{ colors, uvs } = { colors: null, uvs: null }] = scene.meshes[0]!.primitives;
    expect(uvs).toBeNull();
    expect(colors!.length).toBe((scene.meshes[0]!.primitives[0]!.positions.length / 3) * 4);
    expect(colors!.slice(2, 4)).toEqual(new Float32Array([128 / 255, 1]));
  });

  it.each([
    ['a strip', 5, [0, 1, 2, 2, 1, 3]],
    ['a fan', 6, [0, 1, 2, 0, 2, 3]],
  ])('unrolls %s into triangles', async (_, mode, triangles) => {
    const build = new DocumentBuilder();
    const shape = {
      ...quad,
      normals: quad.positions,
      uvs: new Float32Array(8),
      indices: new Uint32Array([0, 1, 2, 3]),
    };
    build
      .show('quad', shape)
      .doc.getRoot()
      .listMeshes()[0]!
      .listPrimitives()[0]!
      .setMode(mode as 5);
    const scene = await sceneOf(build.doc);
    expect([...scene.meshes[0]!.primitives[0]!.indices]).toEqual(triangles);
  });

  it('applies a texture transform to the UVs', async () => {
    const build = new DocumentBuilder();
    const material = build.doc.createMaterial().setBaseColorTexture(await build.texture('base', 8, checker));
    const extension = build.doc.createExtension(KHRTextureTransform);
    const moved = extension
      .createTransform()
      .setOffset([0.5, 0])
      .setScale([2, 2])
      .setRotation(Math.PI / 2);
    material.getBaseColorTextureInfo()!.setExtension('KHR_texture_transform', moved);
    build.show('box', { ...aBox(1), uvs: new Float32Array([0, 0, 1, 0, 1, 1, 0, 1]) }, { material });
    const uvs = [...(await sceneOf(build.doc)).meshes[0]!.primitives[0]!.uvs!].map(
      (value) => Math.round(value * 1e6) / 1e6 + 0,
    );
    expect(uvs).toEqual([0.5, 0, 0.5, -2, 2.5, -2, 2.5, 0]);
  });

  it('turns GPU instances into nodes', async () => {
    const build = new DocumentBuilder();
    build.show('box', aBox());
    const batch = build.doc.createExtension(EXTMeshGPUInstancing).createInstancedMesh();
    const places = build.doc
      .createAccessor()
      .setType('VEC3')
      .setArray(new Float32Array([0, 0, 0, 3, 0, 0, 6, 0, 0]));
    build.doc
      .getRoot()
      .listNodes()[0]!
      .setExtension('EXT_mesh_gpu_instancing', batch.setAttribute('TRANSLATION', places));
    expect(measureMesh(await sceneOf(build.doc))).toMatchObject({ triangles: 36, parts: 3, volume: 3 });
  });

  it('is refused when it shows more than memory holds', async () => {
    const build = new DocumentBuilder();
    build.show('globe', aGlobe(200, 101));
    const batch = build.doc.createExtension(EXTMeshGPUInstancing).createInstancedMesh();
    const places = build.doc
      .createAccessor()
      .setType('VEC3')
      .setArray(new Float32Array(3 * 1_000));
    const [node] = build.doc.getRoot().listNodes();
    node!.setExtension('EXT_mesh_gpu_instancing', batch.setAttribute('TRANSLATION', places));
    await expect(sceneOf(build.doc)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('puts zeros where normals and UVs are no numbers', async () => {
    const box = aBox();
    box.uvs[3] = NaN;
    box.normals[4] = Infinity;
    const [read] = (await sceneOf(new DocumentBuilder().show('box', box).doc)).meshes[0]!.primitives;
    expect([read!.uvs![3], read!.normals![4]]).toEqual([0, 0]);
  });

  it('is refused when it shows no triangle', async () => {
    const build = new DocumentBuilder();
    build.place(build.doc.createNode('empty'));
    await expect(sceneOf(build.doc)).rejects.toMatchObject({ code: 'no_geometry' });
  });
});

describe('baking a scene', () => {
  it('names every piece differently and keeps normals outward under a mirror', async () => {
    const baked = [...bakedMeshes(await sceneOf(await aTreeModel()))];
    expect(baked.map(({ name }) => name)).toEqual(['椅子 1_1', '椅子 1_2', 'glass "q" & <x>', '椅子 2_1', '椅子 2_2']);
    const glass = baked[2]!;
    for (let i = 0; i < glass.indices.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => [
        ...glass.positions.subarray(3 * glass.indices[i + k]!, 3 * glass.indices[i + k]! + 3),
      ]);
      const [u, v] = [b!, c!].map((end) => end.map((value, k) => value - a![k]!));
      const cross = [
        u![1]! * v![2]! - u![2]! * v![1]!,
        u![2]! * v![0]! - u![0]! * v![2]!,
        u![0]! * v![1]! - u![1]! * v![0]!,
      ];
      const normal = glass.normals!.subarray(3 * glass.indices[i]!, 3 * glass.indices[i]! + 3);
      expect(cross[0]! * normal[0]! + cross[1]! * normal[1]! + cross[2]! * normal[2]!).toBeGreaterThan(0);
    }
  });
});
