import sharp from 'sharp';
import { DocumentBuilder } from '../../test/a-document.js';
import { aBox, aGlobe } from '../../test/a-shape.js';
import { aSquare, look, plain, type Seen, seenIn, seenSize as size, show } from '../../test/a-preview.js';
import { aPbrModel, aTreeModel, aVertexColouredModel } from '../../test/models.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { previewViews, renderPreview, renderPreviews } from './render-preview.js';

const globe = aGlobe(32, 17);

describe('a preview', () => {
  it('is a PNG of the wanted size', async () => {
    const png = await renderPreview(await sceneOf(await aTreeModel()), { size: 80 });
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 80, height: 80, channels: 4 });
  });

  it.each([0.001, 1, 5000])('frames a model of %d m: it fills the picture and touches no edge', async (metres) => {
    const shape = { ...globe, positions: globe.positions.map((value) => value * metres + 3 * metres) };
    const [left, top, right, bottom] = (await look(show(shape, plain([1, 1, 1, 1])))).frame();
    for (const edge of [left, top, 1 - right, 1 - bottom]) {
      expect(edge).toBeGreaterThan(0.04);
      expect(edge).toBeLessThan(0.16);
    }
    expect(left + right).toBeCloseTo(1, 1);
  });

  it('has a transparent background with a soft shadow below the model', async () => {
    const seen = await look(show(globe, plain([0.8, 0.8, 0.8, 1])));
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const)
      expect(seen.at(x, y)[3]).toBe(0);
    const [red, green, blue, alpha] = seen.at(0.5, 0.92);
    expect(alpha).toBeGreaterThan(20);
    expect(alpha).toBeLessThan(250);
    expect([red, green, blue]).toEqual([0, 0, 0]);
    expect(seen.at(0.5, 0.5)[3]).toBe(255);
  });

  it('can stand on a colour', async () => {
    const seen = await look(show(globe, plain([0.8, 0.8, 0.8, 1])), { background: '#336699' });
    expect(seen.at(0, 0)).toEqual([0x33, 0x66, 0x99, 255]);
    expect(seen.brightness(0.5, 0.92)).toBeLessThan(0x33 + 0x66 + 0x99);
  });

  it('lights the upper left more than the lower right', async () => {
    const seen = await look(show(globe, plain([0.8, 0.8, 0.8, 1])));
    expect(seen.brightness(0.32, 0.3)).toBeGreaterThan(seen.brightness(0.72, 0.7) * 1.25);
  });

  it('keeps the base colour of the artist', async () => {
    const [red, green, blue] = (await look(show(globe, plain([0.8, 0.05, 0.02, 1])))).at(0.4, 0.4);
    expect(red).toBeGreaterThan(150);
    expect(Math.max(green, blue)).toBeLessThan(red / 2);
  });

  it('draws pictures the right way round', async () => {
    const build = new DocumentBuilder();
    const quarters = await build.texture('quarters', 64, (u, v) => [u < 0.5 ? 255 : 0, v < 0.5 ? 255 : 0, 0]);
    const material = build.doc.createMaterial().setBaseColorTexture(quarters).setMetallicFactor(0);
    const seen = await look(build.show('square', aSquare(), { material }).doc, { yaw: 0, pitch: 0 });
    const has = (x: number, y: number) =>
      seen
        .at(x, y)
        .slice(0, 2)
        .map((value) => value > 90);
    expect([has(0.3, 0.3), has(0.7, 0.3), has(0.3, 0.7), has(0.7, 0.7)]).toEqual([
      [true, true],
      [false, true],
      [true, false],
      [false, false],
    ]);
  });

  it('bends light with a normal map: red to the right, green upwards', async () => {
    const tilted = async (red: number, green: number) => {
      const build = new DocumentBuilder();
      const texture = await build.texture('normal', 16, () => [red, green, 200]);
      const material = build.doc.createMaterial().setNormalTexture(texture).setMetallicFactor(0).setRoughnessFactor(1);
      return (await look(build.show('square', aSquare(), { material }).doc, { yaw: 0, pitch: 0 })).brightness(0.5, 0.5);
    };
    const [left, right] = [await tilted(50, 128), await tilted(205, 128)];
    const [down, up] = [await tilted(128, 50), await tilted(128, 205)];
    expect(left).toBeGreaterThan(right * 1.1); // the key lamp stands in the upper left
    expect(up).toBeGreaterThan(down * 1.1);
  });

  it('shows emission in the dark side, and metal as a mirror', async () => {
    const glowing = await look(show(globe, (build) => plain([0, 0, 0, 1])(build).setEmissiveFactor([0, 1, 0])));
    expect(glowing.at(0.7, 0.7)[1]).toBeGreaterThan(200);
    const mirror = await look(
      show(globe, (build) => plain([0.9, 0.9, 0.9, 1])(build).setMetallicFactor(1).setRoughnessFactor(0.05)),
    );
    const matte = await look(show(globe, plain([0.9, 0.9, 0.9, 1])));
    const contrast = (seen: Seen) => seen.brightness(0.5, 0.25) / seen.brightness(0.5, 0.75);
    expect(contrast(mirror)).toBeGreaterThan(contrast(matte) * 1.2);
  });

  it('hides what is behind, shows it through glass, and cuts holes', async () => {
    const behind = async (mode: 'OPAQUE' | 'BLEND' | 'MASK') => {
      const build = new DocumentBuilder();
      const front = plain([0, 0, 1, 0.3])(build).setAlphaMode(mode);
      build.show('front', aSquare(0.5, 0.2), { material: front.setDoubleSided(true) });
      build.show('back', aSquare(0.5, -0.2), { material: plain([1, 0, 0, 1])(build) });
      return (await look(build.doc, { yaw: 0, pitch: 0 })).at(0.5, 0.5);
    };
    const [opaque, glass] = [await behind('OPAQUE'), await behind('BLEND')];
    expect(opaque[0]).toBeLessThan(60);
    expect(glass[0]).toBeGreaterThan(120);
    expect(glass[2]).toBeGreaterThan(30);
  });

  it('cuts out the holes of a masked picture', async () => {
    const build = new DocumentBuilder();
    const leaf = await build.texture('leaf', 64, (u) => [0, 255, 0, u < 0.5 ? 255 : 0]);
    const material = build.doc.createMaterial().setBaseColorTexture(leaf).setAlphaMode('MASK').setMetallicFactor(0);
    const seen = await look(build.show('square', aSquare(), { material }).doc, { yaw: 0, pitch: 0 });
    expect([seen.at(0.3, 0.5)[3], seen.at(0.7, 0.4)[3]]).toEqual([255, 0]);
  });

  it('casts shadows of one part on another', async () => {
    const floor = { ...aBox(), positions: aBox().positions.map((value, i) => value * [4, 0.1, 4][i % 3]!) };
    const post = {
      ...aBox(),
      positions: aBox().positions.map((value, i) => value * [0.4, 1.6, 0.4][i % 3]! + [0, 0.85, 0][i % 3]!),
    };
    const build = new DocumentBuilder();
    build.show('floor', floor, { material: plain([0.8, 0.8, 0.8, 1])(build) });
    build.show('post', post, { material: plain([0.8, 0.8, 0.8, 1])(build) });
    const seen = await look(build.doc, { yaw: 0, pitch: 40 });
    // the key lamp stands in the upper left before the model: the shadow falls to the right and back
    expect(seen.brightness(0.64, 0.38)).toBeLessThan(seen.brightness(0.36, 0.38) * 0.9);
  });

  it('has smooth edges', async () => {
    const pole = { ...aBox(), positions: aBox().positions.map((value, i) => value * [0.6, 4, 0.6][i % 3]!) };
    const seen = await look(show(pole, plain([1, 1, 1, 1])), { yaw: 5, pitch: 60 });
    expect(seen.shades()).toBeGreaterThan(24);
  });

  it('shows the shape of something black', async () => {
    const seen = await look(show(globe, plain([0, 0, 0, 1])));
    expect(seen.brightness(0.35, 0.3)).toBeGreaterThan(75);
    expect(seen.brightness(0.35, 0.3)).toBeGreaterThan(seen.brightness(0.6, 0.8) * 1.3);
  });

  it('does not burn out something white', async () => {
    const seen = await look(show(globe, plain([1, 1, 1, 1])));
    expect(seen.brightness(0.4, 0.3)).toBeLessThan(3 * 252);
    expect(seen.brightness(0.4, 0.3)).toBeGreaterThan(seen.brightness(0.75, 0.75) + 60);
  });

  it('casts no shadow of the facets of a coarse, smooth model on itself', async () => {
    const [coarse, fine] = [
      await look(show(aGlobe(20, 11), plain([0.8, 0.8, 0.8, 1]))),
      await look(show(aGlobe(96, 49), plain([0.8, 0.8, 0.8, 1]))),
    ];
    for (const y of [0.3, 0.4, 0.5, 0.6, 0.7]) {
      for (const x of [0.3, 0.4, 0.5, 0.6, 0.7]) {
        expect(Math.abs(coarse.brightness(x, y) - fine.brightness(x, y))).toBeLessThan(45);
      }
    }
  });

  it('treats what is called blended and is opaque as solid', async () => {
    const build = new DocumentBuilder();
    const wall = await build.texture('wall', 32, (u) => [0, 0, 255, u < 0.5 ? 255 : 40]);
    const material = plain([1, 1, 1, 1])(build).setBaseColorTexture(wall).setAlphaMode('BLEND');
    // the front square comes first and its triangles are as large as those behind: no order of drawing would be right
    build.show('front', aSquare(0.5, 0.2), { material });
    build.show('back', aSquare(0.5, -0.2), { material: plain([1, 0, 0, 1])(build) });
    const seen = await look(build.doc, { yaw: 0, pitch: 0 });
    expect(seen.at(0.3, 0.5)[0]).toBeLessThan(60);
    expect(seen.at(0.7, 0.5)[0]).toBeGreaterThan(120);
  });

  it('shows four sides in two sizes, each a quarter turn further', async () => {
    const build = new DocumentBuilder();
    const faces: [number, number, [number, number, number, number]][] = [
      [0.5, 0.9, [1, 0, 0, 1]],
      [0.9, -0.5, [0, 1, 0, 1]],
      [-0.5, -0.9, [0, 0, 1, 1]],
      [-0.9, 0.5, [1, 1, 0, 1]],
    ];
    for (const [x, z, color] of faces) {
      const ball = { ...globe, positions: globe.positions.map((value, i) => value * 0.5 + [x, 0, z][i % 3]!) };
      build.show(`ball ${x}`, ball, { material: plain(color)(build) });
    }
    const scene = await sceneOf(build.doc);
    const previews = await renderPreviews(scene, { sizes: [size, size / 2] });
    expect(previews.map((preview) => [preview.view, preview.size])).toEqual(
      previewViews.flatMap((view) => [
        [view, size],
        [view, size / 2],
      ]),
    );
    for (const [index, [, , color]] of faces.entries()) {
      for (const preview of previews.slice(2 * index, 2 * index + 2)) {
        const seen = await seenIn(preview.png);
        expect(seen.width).toBe(preview.size);
        expect(seen.at(0.5, 0.6).map((value) => (value > 110 ? 1 : 0))).toEqual(color);
      }
    }
    expect(Buffer.from(previews[0]!.png).equals(await renderPreview(scene, { size }))).toBe(true);
  });

  it('turns with yaw and pitch', async () => {
    const sides = async (yaw: number, pitch: number) => {
      const build = new DocumentBuilder();
      const paint = (z: number, color: [number, number, number, number]) =>
        build.show(
          `side ${z}`,
          { ...aBox(), positions: aBox().positions.map((value, i) => value + [0, 0, z][i % 3]!) },
          { material: plain(color)(build) },
        );
      paint(0.5, [1, 0, 0, 1]);
      paint(-0.5, [0, 0, 1, 1]);
      const [red, , blue] = (await look(build.doc, { yaw, pitch })).at(0.5, 0.5);
      return red > blue ? 'red' : 'blue';
    };
    expect([await sides(0, 0), await sides(180, 0)]).toEqual(['red', 'blue']);
  });

  it('draws vertex colours', async () => {
    const seen = await look(aVertexColouredModel(), { yaw: 0, pitch: 0 });
    expect(seen.at(0.5, 0.2)).not.toEqual(seen.at(0.5, 0.8));
    expect(seen.at(0.5, 0.5)[3]).toBe(255);
  });

  it('gives the same bytes for the same scene', async () => {
    const scene = await sceneOf(await aPbrModel());
    expect(Buffer.from(await renderPreview(scene, { size })).equals(await renderPreview(scene, { size }))).toBe(true);
  });

  it('refuses a model of giant sheets behind each other', async () => {
    const build = new DocumentBuilder();
    const sheets = Array.from({ length: 1_200 }, (_, n) => aSquare(10, n / 1_000));
    const positions = new Float32Array(sheets.flatMap((sheet) => [...sheet.positions]));
    const indices = new Uint32Array(sheets.flatMap((sheet, n) => [...sheet.indices].map((vertex) => vertex + 4 * n)));
    const stack = { positions, indices, normals: positions, uvs: new Float32Array((positions.length / 3) * 2) };
    const scene = await sceneOf(build.show('stack', stack, { normals: false }).doc);
    await expect(renderPreview(scene, { size: 512, yaw: 0 })).rejects.toMatchObject({ code: 'too_large' });
  });
});
