import { measureMesh, sceneOf } from '#mesh';
import { documentOf } from '../reference/gltf.js';
import { understand } from '../reference/prompt/prompt.js';
import { shapes, type ShapeName } from './catalogue.js';
import { modelled } from './model.js';
import { shapeFor } from './nouns.js';

const names = Object.keys(shapes) as ShapeName[];

describe('every shape', () => {
  it.each(names)('%s is closed, stands on the ground and is found by all its words', async (name) => {
    const surfaces = await modelled(shapes[name].build, understand(name), 3);
    const { watertight, bounds } = measureMesh(await sceneOf(documentOf(name, surfaces)));
    expect(watertight).toBe(true);
    expect(bounds.min[1]).toBeCloseTo(0, 5);
    expect(Math.max(...[0, 1, 2].map((axis) => bounds.max[axis]! - bounds.min[axis]!))).toBeCloseTo(0.8, 4);
    expect(new Set(surfaces.map((surface) => surface.name)).size).toBe(surfaces.length);
    for (const word of shapes[name].words.split(' ')) expect(shapeFor(word)).toBe(name);
  });
});

describe('the looks of a shape', () => {
  const finishesOf = async (name: ShapeName, prompt: string): Promise<Record<string, string>> => {
    const surfaces = await modelled(shapes[name].build, understand(prompt), 3);
    return Object.fromEntries(surfaces.map((surface) => [surface.name, surface.finish.name]));
  };

  it('follow the prompt, part by part', async () => {
    expect(await finishesOf('house', 'a white house with a red roof and a green door')).toMatchObject({
      walls: 'white',
      roof: 'red',
      door: 'green',
    });
    expect(await finishesOf('rocket', 'сине-жёлтая ракета')).toMatchObject({
      hull: 'blue',
      nose: 'yellow',
      fins: 'yellow',
    });
    expect(await finishesOf('sword', 'a golden sword')).toMatchObject({ blade: 'gold' });
  });

  it('vary with the seed only where nothing was asked for', async () => {
    const colours = await Promise.all(
      [1, 2].map(async (seed) => {
        const surfaces = await modelled(shapes.mug.build, understand('a red mug'), seed);
        return Object.fromEntries(surfaces.map(({ name, finish }) => [name, finish.colour]));
      }),
    );
    expect(colours[0]!.mug).toBe(colours[1]!.mug);
    expect(colours[0]!.coffee).not.toBe(colours[1]!.coffee);
  });
});
