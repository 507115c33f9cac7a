import { Lexicon } from '../reference/prompt/lexicon.js';
import { shapes, type ShapeName } from './catalogue.js';

const names = Object.keys(shapes) as ShapeName[];

let nouns: Lexicon<ShapeName> | undefined;

/** The shape a word means, in English or Russian and in any form, if there is one. */
export function shapeFor(word: string): ShapeName | undefined {
  nouns ??= new Lexicon(names.map((name) => [name, shapes[name].words] as const));
  return nouns.find(word);
}
