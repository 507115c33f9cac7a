import { readdirSync, readFileSync } from 'node:fs';
import { alsoNamed } from './also-named.js';
import { emojiPictures, emojiWordsPath } from '../reference/assets.js';
import { isFiller } from '../reference/prompt/phrase.js';
import { baseKeys } from '../reference/prompt/stem.js';

/** An emoji that has a picture. */
export interface Emoji {
  /** The name of its picture. */
  picture: string;
  /** The character itself. */
  symbol: string;
  label: string;
  /** Unicode's group: 0 smileys, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols, 9 flags. */
  group: number;
  /** Words in the label that carry meaning. */
  length: number;
  /** Words in the label that do not ("new moon", "wrapped gift with"). */
  padding: number;
}

/** A word of an emoji. */
export interface Mention {
  emoji: Emoji;
  /** Where the word stands: in the label, in a tag, or by itself as another name. */
  of: 'label' | 'tag' | 'name';
  /** Which word of the label or tag it is, and how many those are. */
  place: number;
  length: number;
}

/** Everything said about emoji in some languages, by key of word. */
export type EmojiIndex = ReadonlyMap<string, readonly Mention[]>;

interface Row {
  hexcode: string;
  unicode: string;
  label: string;
  group?: number;
  tags?: string[];
}

const indexes = new Map<string, EmojiIndex>();

/** The index of the languages, read once. */
export function emojiIndex(languages: readonly string[]): EmojiIndex {
  const key = languages.join(' ');
  const index = indexes.get(key) ?? buildIndex(languages);
  indexes.set(key, index);
  return index;
}

/** A pictograph with its modifiers and what is joined to it, or a keycap (Unicode TS #51 §1.4.9). */
const symbolPattern =
  /\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*|[\d#*]\uFE0F?\u20E3/gu;

/** The emoji whose character stands in a text, the longest sequence first; one of another skin colour in the usual one. */
export function emojiIn(text: string): Emoji | undefined {
  const symbols = text.match(symbolPattern) ?? [];
  const rows = symbols.length > 0 ? rowsOf('en') : [];
  for (const symbol of symbols.flatMap((given) => [given, given.replaceAll(/\p{Emoji_Modifier}/gu, '')])) {
    const row = rows.find(({ unicode }) => bareSymbol(unicode) === bareSymbol(symbol));
    const emoji = row && emojiOf(row, pictureNames());
    if (emoji) return emoji;
  }
  return undefined;
}

/** A character without the selector that asks for its coloured form. */
const bareSymbol = (symbol: string): string => symbol.replaceAll('\uFE0F', '');

const keysOfWord = new Map<string, string[]>();

/** The words of a text that carry meaning, as keys. */
function wordKeys(text: string): string[][] {
  const found: string[][] = [];
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const keys = keysOfWord.get(word) ?? (isFiller(word) ? [] : baseKeys(word));
    keysOfWord.set(word, keys);
    if (keys.length > 0) found.push(keys);
  }
  return found;
}

function buildIndex(languages: readonly string[]): EmojiIndex {
  const index = new Map<string, Mention[]>();
  const pictures = pictureNames();
  const mention = (keys: string[], about: Mention): void => {
    for (const key of keys) {
      const mentions = index.get(key);
      if (mentions) mentions.push(about);
      else index.set(key, [about]);
    }
  };
  for (const row of languages.flatMap(rowsOf)) {
    const emoji = emojiOf(row, pictures);
    if (!emoji) continue;
    const texts = [[row.label, 'label'] as const, ...(row.tags ?? []).map((tag) => [tag, 'tag'] as const)];
    for (const [text, of] of texts) {
      const words = wordKeys(text);
      words.forEach((keys, place) => mention(keys, { emoji, of, place, length: words.length }));
    }
    for (const keys of wordKeys(alsoNamed[emoji.picture.replace('-fe0f', '')] ?? ''))
      mention(keys, { emoji, of: 'name', place: 0, length: 1 });
  }
  return index;
}

function emojiOf({ hexcode, unicode, label, group }: Row, pictures: ReadonlySet<string>): Emoji | undefined {
  const name = hexcode.toLowerCase();
  const picture = [name, `${name}-fe0f`, name.replaceAll('-fe0f', '')].find((candidate) => pictures.has(candidate));
  if (!picture || group === undefined || group === 2) return undefined;
  const { length } = wordKeys(label);
  return {
    picture,
    symbol: bareSymbol(unicode),
    label,
    group,
    length,
    padding: (label.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) - length,
  };
}

function rowsOf(language: string): Row[] {
  return JSON.parse(readFileSync(emojiWordsPath(language), 'utf8')) as Row[];
}

function pictureNames(): Set<string> {
  return new Set(readdirSync(emojiPictures()).map((file) => file.replace(/\.webp$/, '')));
}
