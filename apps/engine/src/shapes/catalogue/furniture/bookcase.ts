import { oak } from '../../finishes.js';
import type { Shape } from '../../shape.js';

export const bookcase: Shape = {
  words: 'bookcase bookshelf shelf стеллаж шкаф полка',
  build: ({ kit, paint, random }) => {
    const shell = kit
      .box(0.9, 0.3, 1.3, 0.012)
      .subtract(kit.union(...[0, 1, 2].map((row) => kit.box(0.82, 0.4, 0.37).translate([0, -0.1, 0.05 + row * 0.41]))));
    const hues = ['#b23a3a', '#2f5f9e', '#d9a441', '#3f8a5f', '#6d4b8d', '#e8e0cf'];
    const books = hues.map(() => [] as ReturnType<typeof kit.box>[]);
    for (let row = 0; row < 3; row++) {
      for (let x = -0.4; x < 0.33;) {
        const [thick, tall] = [0.045 + random() * 0.045, 0.22 + random() * 0.12];
        books[Math.floor(random() * hues.length)]!.push(
          kit.box(thick - 0.006, 0.2, tall, 0.006).translate([x + thick / 2, 0, 0.04 + row * 0.41]),
        );
        x += thick;
      }
    }
    return [
      { name: 'shelves', solid: shell, finish: paint.finish('bookcase', 'main', oak) },
      ...books.flatMap((row, i) =>
        row.length > 0
          ? [
              {
                name: `books ${i + 1}`,
                solid: kit.union(...row),
                finish: { name: `cover ${i + 1}`, colour: hues[i]!, metallic: 0, roughness: 0.7 },
              },
            ]
          : [],
      ),
    ];
  },
};
