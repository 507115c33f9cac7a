import { emojiIn, type Emoji } from '../emoji/emoji-index.js';
import { findEmoji, type EmojiMatch } from '../emoji/find-emoji.js';
import type { ShapeName } from '../shapes/catalogue.js';
import { shapeFor } from '../shapes/nouns.js';
import { headFirst, type Phrase } from './prompt/phrase.js';
import { understand, type Description } from './prompt/prompt.js';
import { keysOf } from './prompt/stem.js';

/** What will be made of a prompt. */
export type Choice = { confidence: number } & (
  | { method: 'shape'; shape: ShapeName }
  | { method: 'emoji'; emoji: Emoji }
  | { method: 'lettering' }
);

/** How sure each way of understanding is when it explains every word. */
const sure = { symbol: 0.9, shape: 0.9, name: 0.75, hint: 0.45, lettering: 0.1 };
/** A thing that is not the head of the prompt is probably not what was meant. */
const aside = 0.5;

/**
 * Chooses what to make: a shape for the head noun, else an emoji that has its name, else one that something hints at; then
 * the same for later phrases; at last the words themselves. Nothing named in `negative` is chosen.
 */
export function choose(prompt: string, description: Description, negative = ''): Choice {
  const symbol = emojiIn(prompt);
  if (symbol) return { method: 'emoji', emoji: symbol, confidence: sure.symbol };
  const unwanted = new Set(understand(negative).phrases.flatMap(({ all }) => all.flatMap(keysOf)));
  for (const [index, phrase] of description.phrases.entries()) {
    const found = chooseFor(phrase, unwanted);
    if (!found) continue;
    const { words, ...choice } = found;
    const confidence = choice.confidence * explained(description, words) * (index === 0 ? 1 : aside);
    return { ...choice, confidence: Math.round(confidence * 100) / 100 };
  }
  return { method: 'lettering', confidence: sure.lettering };
}

/** A choice for one phrase, and how many of its words it accounts for. */
function chooseFor(phrase: Phrase, unwanted: ReadonlySet<string>): (Choice & { words: number }) | undefined {
  // "teddy bear", "fire engine": a name of several words says more than its last noun
  const full = phrase.words.length > 1 ? findEmoji(phrase, unwanted) : undefined;
  if (full && full.wholeLabel > 1 && nounsOf(full, phrase) > 1) {
    return { method: 'emoji', emoji: full.emoji, confidence: sure.name, words: nounsOf(full, phrase) };
  }
  for (const word of headFirst(phrase.words)) {
    const shape = shapeFor(word);
    if (shape && !keysOf(word).some((key) => unwanted.has(key))) {
      return { method: 'shape', shape, confidence: sure.shape, words: 1 };
    }
    const named = findEmoji(aboutOnly(word, phrase), unwanted);
    if (named && named.wholeLabel > 0) {
      return { method: 'emoji', emoji: named.emoji, confidence: sure.name * Math.min(1, named.score), words: 1 };
    }
  }
  const hinted = full ?? findEmoji(phrase, unwanted);
  return (
    hinted && { method: 'emoji', emoji: hinted.emoji, confidence: sure.hint * Math.min(1, 2 * hinted.score), words: 1 }
  );
}

/** A phrase as if it named only one thing; its looks stay. */
function aboutOnly(word: string, { words, all, ...rest }: Phrase): Phrase {
  return { ...rest, words: [word], all: all.filter((other) => other === word || !words.includes(other)) };
}

/** How many words of an emoji's label are things in the phrase, rather than looks ("red apple"). */
function nounsOf({ emoji }: EmojiMatch, phrase: Phrase): number {
  const keys = new Set(phrase.words.flatMap(keysOf));
  const label = emoji.label.split(/\P{L}+/u).filter((word) => keysOf(word).some((key) => keys.has(key)));
  return label.length;
}

/** The share of the prompt's words that the choice accounts for, between a half and one. */
function explained({ phrases }: Description, used: number): number {
  const words = phrases.reduce((sum, phrase) => sum + phrase.words.length, 0);
  const attributes = phrases.reduce((sum, phrase) => sum + phrase.attributes, 0);
  return 0.5 + (0.5 * (used + attributes)) / (words + attributes);
}
