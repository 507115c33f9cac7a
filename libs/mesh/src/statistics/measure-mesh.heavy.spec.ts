import { DocumentBuilder } from '../../test/a-document.js';
import { aBox, aGlobe, type Shape } from '../../test/a-shape.js';
import { aBigModel, aPatchworkModel, aPbrModel, aTreeModel } from '../../test/models.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { measureMesh } from './measure-mesh.js';

const measured = async (...shapes: Shape[]) => {
  const build = new DocumentBuilder();
  for (const [index, shape] of shapes.entries()) build.show(`shape ${index}`, shape);
  return measureMesh(await sceneOf(build.doc));
};

/** Three triangles on one edge, like a book with three leaves. */
const aFan: Shape = {
  positions: new Float32Array([0, 0, 0, 0, 1, 0, 1, 0, 0, -1, 0, 0, 0, 0, 1]),
  normals: new Float32Array(15).fill(0.577),
  uvs: new Float32Array(10),
  indices: new Uint32Array([0, 1, 2, 0, 1, 3, 0, 1, 4]),
};

describe('measuring a mesh', () => {
  it('knows the unit cube', async () => {
    const cube = await measured(aBox());
    expect(cube).toMatchObject({ triangles: 12, vertices: 24, parts: 1, watertight: true, open_edges: 0 });
    expect(cube).toMatchObject({ non_manifold_edges: 0, materials: 1, textures: [] });
    expect(cube.volume).toBeCloseTo(1, 12);
    expect(cube.area).toBeCloseTo(6, 12);
    expect(cube.bounds).toEqual({ min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] });
  });

  it('finds the rim of an open box', async () => {
    expect(await measured(aBox(5))).toMatchObject({ triangles: 10, watertight: false, open_edges: 4 });
  });

  it('finds an edge that three triangles share', async () => {
    expect(await measured(aFan)).toMatchObject({ non_manifold_edges: 1, open_edges: 6, watertight: false });
  });

  it('does not take a box with one side turned inside out for watertight', async () => {
    const box = aBox();
    [box.indices[1], box.indices[2]] = [box.indices[2]!, box.indices[1]!];
    expect(await measured(box)).toMatchObject({ open_edges: 0, non_manifold_edges: 0, watertight: false });
  });

  it('counts pieces that do not touch', async () => {
    const far = aBox();
    for (let i = 0; i < far.positions.length; i += 3) far.positions[i]! += 5;
    expect(await measured(aBox(), far)).toMatchObject({ parts: 2, triangles: 24, watertight: true, volume: 2 });
  });

  it('closes a seam that differs by rounding noise, wherever the noise falls', async () => {
    const globe = aGlobe(32, 16);
    for (let i = 0; i < globe.positions.length; i++) globe.positions[i]! *= 1 + 1e-7 * Math.sin(i * 12.9898);
    expect(await measured(globe)).toMatchObject({ watertight: true, parts: 1 });
  });

  it('approaches the volume and area of a ball', async () => {
    const ball = await measured(aGlobe(256, 128));
    expect(ball.volume).toBeCloseTo((4 / 3) * Math.PI, 2);
    expect(ball.area).toBeCloseTo(4 * Math.PI, 2);
  });

  it('tells how much of the texture space is used, once for a mesh shown several times', async () => {
    const tree = measureMesh(await sceneOf(await aTreeModel()));
    // the sides of both boxes lie on each other, the globe beside them has a material of its own
    expect(tree.uv_coverage).toBeCloseTo((1 + 1 + 7 / 8) / 3, 2);
    expect(tree.uv_overlap).toBeCloseTo(2 / (1 + 1 + 7 / 8), 2);
    const bare = new DocumentBuilder().show('bare', aBox(), { uvs: false });
    expect(measureMesh(await sceneOf(bare.doc))).toMatchObject({ uv_coverage: null, uv_overlap: null });
  });

  it('measures instances in world space and turns a mirrored box outwards', async () => {
    const tree = measureMesh(await sceneOf(await aTreeModel()));
    const globe = await measured(aGlobe(16, 8, () => 0.6));
    // the chair is shown stretched by 1 × 2 × 3 and plain; the glass box hangs inside the stretched one
    expect(tree.volume).toBeCloseTo(7 * (1 + globe.volume) + 6, 4);
    expect(tree).toMatchObject({ triangles: 484, materials: 3, watertight: true });
  });

  it('takes a surface cut into several primitives for one piece', async () => {
    const patchwork = measureMesh(await sceneOf(aPatchworkModel()));
    expect(patchwork).toMatchObject({ triangles: 15_872, parts: 1, watertight: true, materials: 4 });
  });

  it('lists the pictures with their true size and type', async () => {
    const { textures } = measureMesh(await sceneOf(await aPbrModel()));
    expect(textures).toEqual([
      {
        name: 'roughness and metal',
        width: 256,
        height: 256,
        media_type: 'image/png',
        slots: ['metallic_roughness', 'occlusion'],
      },
      { name: 'base', width: 512, height: 512, media_type: 'image/png', slots: ['base_color'] },
      { name: 'normal', width: 512, height: 512, media_type: 'image/png', slots: ['normal'] },
      { name: 'glow', width: 128, height: 128, media_type: 'image/png', slots: ['emissive'] },
    ]);
  });

  it('measures 200,000 triangles without falling into quadratic time', async () => {
    const scene = await sceneOf(await aBigModel());
    const start = performance.now();
    expect(measureMesh(scene)).toMatchObject({ triangles: 200_704, watertight: true, parts: 1 });
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
