import { bytesOf, bytesOfHex, labOf, type Lab } from '../oklab.js';
import { Lexicon } from './lexicon.js';

/** A colour somebody asked for. */
export interface Colour {
  name: string;
  /** `#rrggbb`, sRGB. */
  hex: string;
}

const colour = (name: string, hex: string): Colour => ({ name, hex });

/** Colour words, English and Russian. */
export const colours = new Lexicon<Colour>([
  [colour('red', '#c62828'), 'red красный алый scarlet'],
  [colour('crimson', '#a3123a'), 'crimson burgundy maroon бордовый вишневый'],
  [colour('raspberry', '#d02a5e'), 'raspberry малиновый'],
  [colour('ginger', '#e0782a'), 'ginger рыжий'],
  [colour('orange', '#ef7d1a'), 'orange оранжевый'],
  [colour('yellow', '#f5c518'), 'yellow желтый lemon лимонный'],
  [colour('lime', '#9ccc2e'), 'lime салатовый'],
  [colour('green', '#3a9a48'), 'green зеленый'],
  [colour('emerald', '#12805c'), 'emerald изумрудный'],
  [colour('olive', '#7d8330'), 'olive оливковый khaki'],
  [colour('turquoise', '#1fb5ad'), 'turquoise teal cyan aqua бирюзовый'],
  [colour('sky blue', '#64b5e8'), 'голубой azure'],
  [colour('blue', '#2a62c9'), 'blue синий'],
  [colour('navy', '#1d2f66'), 'navy indigo'],
  [colour('purple', '#7b3fb0'), 'purple violet фиолетовый пурпурный'],
  [colour('lilac', '#b58bd9'), 'lilac lavender mauve сиреневый лиловый лавандовый'],
  [colour('pink', '#ee7fa8'), 'pink розовый'],
  [colour('magenta', '#c9308e'), 'magenta fuchsia'],
  [colour('white', '#f4f3ef'), 'white белый snowy белоснежный'],
  [colour('black', '#232326'), 'black черный'],
  [colour('grey', '#8d9096'), 'grey gray серый'],
  [colour('brown', '#7a4d2b'), 'brown коричневый бурый chocolate шоколадный'],
  [colour('beige', '#dcc7a1'), 'beige бежевый tan sand песочный'],
  [colour('cream', '#f1e6cc'), 'cream кремовый ivory'],
]);

/** How a shade word changes lightness and colourfulness. */
type Shade = (colour: Lab) => Lab;

const shade =
  (lightness: (value: number) => number, strength: number): Shade =>
  ([l, a, b]) => [lightness(l), a * strength, b * strength];

/** Words that change the colour after them. */
export const shades = new Lexicon<Shade>([
  [shade((l) => l * 0.68, 0.85), 'dark deep темный глубокий'],
  [shade((l) => l + (1 - l) * 0.45, 0.8), 'light светлый'],
  [shade((l) => l + (1 - l) * 0.55, 0.5), 'pale pastel soft бледный пастельный нежный'],
  [shade((l) => Math.min(0.9, l * 1.06), 1.25), 'bright vivid neon яркий неоновый'],
]);

/** The same colour in another shade. */
export function shaded(from: Colour, change: Shade): Colour {
  const bytes = bytesOf(change(labOf(...bytesOfHex(from.hex))));
  return { ...from, hex: `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}` };
}
