import { joined } from './compounds.js';
import { dividers, joiners, ordinarySize, standIns, thingsInIng, type Size } from './manners.js';
import { isAttribute, likelyThing, product, readPhrase, together, type Look, type Phrase } from './phrase.js';

/** A prompt, taken apart. */
export interface Description {
  /** The phrases that name things, the head of the prompt first. */
  phrases: Phrase[];
  /** The looks and the size of what is asked for: those of the head, and of phrases without a thing ("made of wood"). */
  look: Look;
  size: Size;
  /** Flat faces, and few of them. */
  lowPoly: boolean;
}

const lowPolyPattern = /low[\s-]?poly(gon)?|ло[уй][\s-]?поли|низкополигональн\p{L}*/giu;
const tokenPattern = /[\p{L}\p{N}]+(?:['’]\p{L}+)?|[,.;:!?()\n]/gu;

/** Takes a prompt apart, in English, Russian or a mixture. Pure and quick; never fails. */
export function understand(prompt: string): Description {
  const groups = groupsOf(joined(prompt.replaceAll(lowPolyPattern, ' ')));
  const read = groups.map(({ words }) => readPhrase(words));
  const [first] = groups;
  if (first && namesThingByItsLook(first, read)) read[0] = readPhrase(first.words, likelyThing(first.words));
  const [head, ...rest] = read.filter(({ words }) => words.length > 0);
  const looks = [...(head ? [head] : []), ...read.filter(({ words }) => words.length === 0)];
  return {
    phrases: head ? [head, ...rest] : [],
    look: looks.map(({ look }) => look).reduce(together, { colours: [] }),
    size: looks.map(({ size }) => size).reduce(product, ordinarySize),
    lowPoly: prompt.search(lowPolyPattern) >= 0,
  };
}

/** "a glass of water", "дерево с яблоками": what stands before a preposition is the thing, even if its name can be a look. */
function namesThingByItsLook(first: Group, read: readonly Phrase[]): boolean {
  if (read[0]!.words.length > 0 || first.words.some((word) => standIns.find(word))) return false;
  return first.endsWith === 'divider' || read.every(({ words }) => words.length === 0);
}

interface Group {
  words: string[];
  endsWith: 'divider' | 'other';
}

/** Cuts a prompt where a preposition, a verb, a comma or an "and" between things ends a phrase. */
function groupsOf(prompt: string): Group[] {
  const groups: Group[] = [{ words: [], endsWith: 'other' }];
  for (const token of prompt.toLowerCase().match(tokenPattern) ?? []) {
    const open = groups.at(-1)!;
    const last = open.words.at(-1);
    if (dividers.has(token)) {
      open.endsWith = 'divider';
      groups.push({ words: [], endsWith: 'other' });
    } else if (isVerb(token) || !/[\p{L}\p{N}]/u.test(token) || (joiners.has(token) && last && !isAttribute(last))) {
      groups.push({ words: [], endsWith: 'other' });
    } else if (!joiners.has(token)) {
      open.words.push(token);
    }
  }
  return groups.filter(({ words }) => words.length > 0);
}

function isVerb(word: string): boolean {
  return /^[a-z]{2,}ing$/.test(word) && !thingsInIng.has(word) && !isAttribute(word);
}
