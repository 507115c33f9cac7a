import { keyOf, keysOf } from './stem.js';

/** A dictionary that finds a meaning by any form of its words. */
export class Lexicon<T> {
  private readonly meanings = new Map<string, T>();

  /** Entries are a meaning and its words in any language, separated by spaces. The first entry to claim a word keeps it. */
  constructor(entries: Iterable<readonly [meaning: T, words: string]>) {
    for (const [meaning, words] of entries) {
      for (const word of words.split(' ')) {
        const key = keyOf(word);
        if (!this.meanings.has(key)) this.meanings.set(key, meaning);
      }
    }
  }

  /** What a word means, in whichever form it stands. */
  find(word: string): T | undefined {
    for (const key of keysOf(word)) {
      const meaning = this.meanings.get(key);
      if (meaning !== undefined) return meaning;
    }
    return undefined;
  }
}
