import { understand } from './prompt.js';

/** A prompt in short: what is named, its colours and material. */
function inShort(prompt: string): string {
  const { phrases, look } = understand(prompt);
  const looks = [...look.colours.map(({ name }) => name), ...(look.material ? [`of ${look.material.name}`] : [])];
  return [phrases.map(({ words }) => words.join(' ')).join(' + '), ...looks].join(', ');
}

describe('a prompt', () => {
  it.each([
    ['a red ceramic mug', 'mug, red, of ceramic'],
    ['Please make me a really cute DRAGON', 'dragon'],
    ['a mug, red and glossy', 'mug, red'],
    ['red and white rocket', 'rocket, red, white'],
    ['a vase made of blue glass', 'vase, blue, of glass'],
    ['a golden statue of a cat', 'cat, of gold'],
    ['dragon riding a bicycle', 'dragon + bicycle'],
    ['a cat and a dog', 'cat + dog'],
    ['king with a sword', 'king + sword'],
    ['a tall glass of water', 'glass + water'],
    ['an orange', 'orange'],
    ['рыжая кошка', 'кошка, ginger'],
    ['рыжую кошку', 'кошку, ginger'],
    ['стул из тёмного дерева', 'стул, of wood'],
    ['стул из красного дерева', 'стул, red, of wood'],
    ['высокое зелёное дерево', 'дерево, green'],
    ['красно-белый гриб', 'гриб, red, white'],
    ['фарфоровая ваза с золотом', 'ваза, of ceramic'],
    ['кружка с котом', 'кружка + котом'],
    ['голубь', 'голубь'],
    ['голубой шар', 'шар, sky blue'],
    ['', ''],
    ['!?…', ''],
  ])('%s → %s', (prompt, short) => {
    expect(inShort(prompt)).toBe(short);
  });

  it('keeps the looks of other things apart', () => {
    const { look, phrases } = understand('a white house with a red roof and a green door');
    expect(look.colours.map(({ name }) => name)).toEqual(['white']);
    expect(phrases.map(({ words, look: own }) => [words[0], own.colours[0]?.name])).toEqual([
      ['house', 'white'],
      ['roof', 'red'],
      ['door', 'green'],
    ]);
  });

  it.each([
    ['a tall vase', { tall: 1.4, wide: 1, scale: 1 }],
    ['высокая узкая ваза', { tall: 1.4, wide: 0.7, scale: 1 }],
    ['a small wide bowl', { tall: 1, wide: 1.35, scale: 0.6 }],
    ['огромный шар', { tall: 1, wide: 1, scale: 1.25 }],
    ['a table next to a tall lamp', { tall: 1, wide: 1, scale: 1 }],
  ])('%s has its size', (prompt, size) => {
    expect(understand(prompt).size).toEqual(size);
  });

  it('hears shades', () => {
    const [plain, dark, light] = ['blue', 'dark blue', 'светло-синяя'].map((colour) => {
      const [red, green, blue] = understand(`${colour} vase`)
        .look.colours[0]!.hex.match(/\w\w/g)!
        .map((pair) => Number.parseInt(pair, 16));
      return red! + green! + blue!;
    });
    expect(dark).toBeLessThan(plain!);
    expect(light).toBeGreaterThan(plain!);
  });

  it.each(['a low-poly fir tree', 'low poly tree', 'низкополигональная ёлка', 'tree, lowpoly'])(
    'hears that %s is low-poly',
    (prompt) => {
      expect(understand(prompt).lowPoly).toBe(true);
      expect(understand(prompt).phrases.flatMap(({ words }) => words)).not.toContain('poly');
    },
  );
});
