import { colours, shaded, shades, type Colour } from './colours.js';
import { fillers, ordinarySize, sizes, standIns, surfacings, type Size, type Surfacing } from './manners.js';
import { materials, type Material } from './materials.js';
import { isRussian, isRussianAdjective } from './stem.js';

/** What a phrase says about looks. */
export interface Look extends Surfacing {
  colours: Colour[];
  material?: Material;
}

/** A phrase taken apart. */
export interface Phrase {
  /** Words that may name a thing, in the order written. */
  words: string[];
  /** All its words but fillers. */
  all: string[];
  look: Look;
  size: Size;
  /** How many words told looks or size. */
  attributes: number;
}

/** Whether a word neither names a thing nor tells how it looks. */
export const isFiller = (word: string): boolean => (fillers.find(word) ?? standIns.find(word)) !== undefined;

/** Whether a word tells how a thing looks rather than what it is. */
export function isAttribute(word: string): boolean {
  return [colours, shades, materials, sizes, surfacings].some((lexicon) => lexicon.find(word) !== undefined);
}

/** Sorts the words of a phrase. The word at `thing` names a thing even though it could be a look (a glass, an orange). */
export function readPhrase(words: readonly string[], thing = -1): Phrase {
  const phrase: Phrase = {
    words: [],
    all: words.filter((word) => !isFiller(word)),
    look: { colours: [] },
    size: ordinarySize,
    attributes: 0,
  };
  let shade = shades.find('');
  words.forEach((word, index) => {
    if (index !== thing && readAttribute(phrase, word, shade)) phrase.attributes++;
    else if (index === thing || (!shades.find(word) && !isFiller(word))) phrase.words.push(word);
    shade = shades.find(word);
  });
  return phrase;
}

function readAttribute(phrase: Phrase, word: string, shade: ReturnType<typeof shades.find>): boolean {
  const colour = colours.find(word);
  if (colour) phrase.look.colours.push(shade ? shaded(colour, shade) : colour);
  const material = materials.find(word);
  if (material && !colour) phrase.look.material ??= material;
  const size = sizes.find(word);
  if (size) phrase.size = product(phrase.size, size);
  const surfacing = surfacings.find(word);
  if (surfacing) Object.assign(phrase.look, surfacing);
  return [colour, material, size, surfacing].some((found) => found !== undefined);
}

/**
 * The word of a phrase of nothing but looks that is most likely the thing meant: the last in English (a blue glass), the
 * first that is no adjective in Russian (высокое дерево). -1 when there is none.
 */
export function likelyThing(words: readonly string[]): number {
  const candidates = words.flatMap((word, index) => ((colours.find(word) ?? materials.find(word)) ? [index] : []));
  const noun = candidates.find((index) => isRussian(words[index]!) && !isRussianAdjective(words[index]!));
  return noun ?? candidates.findLast((index) => !isRussian(words[index]!)) ?? -1;
}

/** Two phrases' looks together; what the first one says wins. */
export function together(one: Look, other: Look): Look {
  return { ...other, ...one, colours: [...one.colours, ...other.colours] };
}

/** One size word after another: a small tall vase. */
export function product(one: Size, other: Size): Size {
  return { tall: one.tall * other.tall, wide: one.wide * other.wide, scale: one.scale * other.scale };
}

/**
 * The words of a phrase, likeliest to be its head first: in English the last (a cat mug is a mug), in Russian the first that
 * is no adjective (спелая груша is a pear).
 */
export function headFirst(words: readonly string[]): string[] {
  if (!words.some(isRussian)) return words.toReversed();
  return [...words.filter((word) => !isRussianAdjective(word)), ...words.filter(isRussianAdjective)];
}
