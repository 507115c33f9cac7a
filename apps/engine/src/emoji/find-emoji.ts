import { headFirst, type Phrase } from '../reference/prompt/phrase.js';
import { baseKeys, isRussian, keysOf } from '../reference/prompt/stem.js';
import { emojiIndex, type Emoji, type EmojiIndex, type Mention } from './emoji-index.js';

/** An emoji that fits a phrase. */
export interface EmojiMatch {
  emoji: Emoji;
  /** 1 when the phrase has the emoji's whole name; about 0.3 when only a tag of it is mentioned. */
  score: number;
  /** How many of the phrase's words its label has, when it has the whole label; else 0. */
  wholeLabel: number;
}

/** Below this a match is more likely chance than meaning. */
const threshold = 0.3;
/** What a word counts: the noun that heads the phrase, other nouns, and words for looks. */
const weights = { head: 1, other: 0.7, attribute: 0.35 };
/** What a diminutive counts against the word it is made of. */
const guessed = 0.8;
/** Groups whose emoji are seldom meant by a word in passing: smileys, symbols, flags. */
const unlikely = new Set([0, 8, 9]);

/**
 * The emoji that fits a phrase best, or none. Russian words are looked up in Russian, others in English and, if that has
 * nothing, in German, Spanish and French. `unwanted` are keys of words no emoji's name may have.
 */
export function findEmoji(phrase: Phrase, unwanted: ReadonlySet<string> = new Set()): EmojiMatch | undefined {
  const languages = phrase.all.some(isRussian) ? [['ru'], ['en']] : [['en'], ['de', 'es', 'fr']];
  for (const group of languages) {
    const match = bestMatch(emojiIndex(group), phrase, unwanted);
    if (match) return match;
  }
  return undefined;
}

interface Tally {
  emoji: Emoji;
  /** The weight of the best word for each place of the label. */
  label: Map<number, number>;
  /** The weight of the best word that is another name or a tag. */
  name: number;
  tag: number;
}

function bestMatch(index: EmojiIndex, phrase: Phrase, unwanted: ReadonlySet<string>): EmojiMatch | undefined {
  const tallies = new Map<string, Tally>();
  for (const { word, weight } of weighed(phrase)) {
    for (const mention of mentionsOf(index, word, weight)) {
      const { picture } = mention.emoji;
      const tally = tallies.get(picture) ?? { emoji: mention.emoji, label: new Map(), name: 0, tag: 0 };
      tallies.set(picture, tally);
      count(tally, mention);
    }
  }
  let best: EmojiMatch | undefined;
  for (const tally of tallies.values()) {
    const match = scored(tally);
    const refused = tally.emoji.label.split(/\P{L}+/u).some((word) => keysOf(word).some((key) => unwanted.has(key)));
    if (!refused && match.score >= threshold && match.score > (best?.score ?? 0)) best = match;
  }
  return best;
}

function count(tally: Tally, { of, place, length, weight }: WeighedMention): void {
  if (of === 'label') tally.label.set(place, Math.max(weight, tally.label.get(place) ?? 0));
  else if (of === 'name') tally.name = Math.max(tally.name, weight);
  else tally.tag = Math.max(tally.tag, weight / length);
}

type WeighedMention = Mention & { weight: number };

/** Where a word is mentioned; a guess at the word counts less than the word itself. */
function mentionsOf(index: EmojiIndex, word: string, full: number): WeighedMention[] {
  const own = baseKeys(word);
  return keysOf(word).flatMap((key) => {
    const weight = own.includes(key) ? full : guessed * full;
    return (index.get(key) ?? []).map((mention) => ({ ...mention, weight }));
  });
}

function scored({ emoji, label, name, tag }: Tally): EmojiMatch {
  const heaviest = Math.max(0, ...label.values());
  const share = label.size / Math.max(1, emoji.length);
  const whole = share === 1 && heaviest >= weights.other;
  // a whole name is better the more words it has: a fire engine is not just any engine
  const labelled = whole
    ? heaviest + 0.05 * (emoji.length - 1) - 0.1 * Math.min(3, emoji.padding)
    : heaviest * (0.25 + 0.3 * share);
  const named = Math.max(labelled, name - 0.01);
  const tagged = 0.35 * tag;
  const doubt = !whole && name === 0 && unlikely.has(emoji.group) ? 0.75 : 1;
  const score = (Math.max(named, tagged) + 0.1 * Math.min(named, tagged)) * doubt;
  return { emoji, score, wholeLabel: whole ? emoji.length : Math.ceil(Math.min(1, name)) };
}

/** Every word of a phrase with its weight: the last noun of an English phrase is its head, the first of a Russian one. */
function weighed({ words, all }: Phrase): { word: string; weight: number }[] {
  const head = headFirst(words)[0];
  return all.map((word) => {
    // a single letter names nothing, but may be part of a name: T-Rex
    if (word.length === 1) return { word, weight: weights.attribute };
    if (word === head) return { word, weight: weights.head };
    return { word, weight: words.includes(word) ? weights.other : weights.attribute };
  });
}
