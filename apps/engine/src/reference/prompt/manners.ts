import { Lexicon } from './lexicon.js';

/** How a size word stretches a thing: along its height, across it, and as a whole. 1 is ordinary. */
export interface Size {
  tall: number;
  wide: number;
  scale: number;
}

const size = (about: Partial<Size>): Size => ({ tall: 1, wide: 1, scale: 1, ...about });

export const ordinarySize = size({});

/** Size words, English and Russian. */
export const sizes = new Lexicon<Size>([
  [size({ tall: 1.4 }), 'tall high long высокий длинный'],
  [size({ tall: 0.7 }), 'short low squat низкий короткий приземистый'],
  [size({ wide: 1.35 }), 'wide broad fat thick chubby широкий толстый пузатый'],
  [size({ wide: 0.7 }), 'narrow slim thin slender узкий тонкий стройный'],
  [size({ scale: 0.6 }), 'small little miniature маленький небольшой миниатюрный'],
  [size({ scale: 0.4 }), 'tiny mini крошечный малюсенький мини'],
  [size({ scale: 1.25 }), 'big large huge giant enormous gigantic большой огромный гигантский крупный'],
]);

/** How a surface was asked to be. */
export interface Surfacing {
  roughness?: number;
  opacity?: number;
  glows?: boolean;
}

/** Words about the surface, English and Russian. */
export const surfacings = new Lexicon<Surfacing>([
  [{ roughness: 0.9 }, 'matte matt rough матовый шершавый'],
  [{ roughness: 0.12 }, 'glossy shiny polished smooth глянцевый блестящий полированный гладкий'],
  [{ opacity: 0.4 }, 'transparent translucent прозрачный полупрозрачный'],
  [{ glows: true }, 'glowing luminous светящийся сияющий'],
]);

/** Words that name no thing: articles, praise, and the names of what the engine makes anyway. */
export const fillers = new Lexicon<true>([
  [true, 'ein eine einen der das un une le les el los las una des'],
  [true, 'a an the some one my your his her our their this that it is very really please'],
  [
    true,
    'make create generate draw model render want give me object asset thing item game realistic stylized stylised',
  ],
  [
    true,
    'detailed detail high quality hd hq 4k 8k beautiful cute nice pretty lovely simple old new ancient modern vintage',
  ],
  [
    true,
    'classic fancy cool funny happy style cartoon isolated white-background 3d three dimensional single full body',
  ],
  [true, 'хочу сделай создай сгенерируй нарисуй нужен нужна нужно мне мой моя моего очень один одна одно какой-нибудь'],
  [
    true,
    'модель объект предмет штука красивый милый симпатичный простой старый новый древний современный классический',
  ],
  [true, 'реалистичный мультяшный детальный детализированный качественный трехмерный стиль пожалуйста'],
]);

/** Words that stand for the thing after them: a statue of a cat is made like a cat. */
export const standIns = new Lexicon<true>([
  [
    true,
    'statue figurine figure sculpture toy bunch pair piece slice set stack pile heap kind type lot picture image icon',
  ],
  [
    true,
    'статуя статуэтка фигурка скульптура игрушка игрушечный пара кусок кусочек ломтик набор куча изображение иконка',
  ],
]);

/** Words that end a phrase: what follows is about something else. */
export const dividers = new Set(
  (
    'with without on in at of from near under over by for to behind beside inside into onto upon through made out having ' +
    'that which who while ' +
    'с со без на в во из у под над за для от о об при около возле рядом перед который которая которое которые где'
  ).split(' '),
);

/** English words in -ing that are things; all others are taken for verbs, and end a phrase. */
export const thingsInIng = new Set(
  'ring king wing string spring building earring swing sling painting viking duckling dumpling pudding ceiling thing wedding bling string sibling sapling'.split(
    ' ',
  ),
);

/** Words between two equals. */
export const joiners = new Set(['and', 'und', 'y', 'et', 'и', 'or', 'или']);
