/** Words that change more than their ending: the stem of the odd form, then the stem it stands for. */
const irregular: Record<string, string> = {
  льв: 'лев',
  псы: 'пес',
  пса: 'пес',
  огн: 'огон',
  камн: 'камен',
  сердц: 'сердец',
  яйц: 'яиц',
  зайц: 'заяц',
  зайч: 'заяц',
  mice: 'mouse',
  geese: 'goose',
  wolves: 'wolf',
  leaves: 'leaf',
  knives: 'knife',
  shelves: 'shelf',
  feet: 'foot',
  teeth: 'tooth',
  children: 'child',
  men: 'man',
  women: 'woman',
};

/** Adjective endings: any stem; stems in a hard consonant; stems in н, г, к, х or a sibilant. */
const anyAdjective = ['ого', 'ому', 'ая', 'ое', 'ом', 'ую', 'ой', 'ою'];
const hardAdjective = ['ыми', 'ый', 'ые', 'ых', 'ым'];
const softAdjective = ['ими', 'его', 'ему', 'ий', 'ие', 'их', 'им', 'яя', 'ее', 'ем', 'юю', 'ею', 'ей'];

/** Noun endings, longest first. */
const nounEndings =
  'иями ями ами иях ях ах иям ям ам ием ьем ем ом ой ей ою ею ью ьев ов ев ия ие ии ий ью ья ье ьи а я о е и ы у ю й ь'.split(
    ' ',
  );

/**
 * The keys under which a word may be looked up, likeliest first. Two forms of one word share a key: all cases, genders and
 * numbers in Russian, both numbers in English, with or without accents elsewhere. Adjectives have keys of their own (`adj:`),
 * so that голубой (sky blue) is not голубь (a dove). The last keys are guesses: what the word is a diminutive of.
 */
export function keysOf(word: string): string[] {
  return [...new Set([...baseKeys(word), ...guesses(plain(word))])];
}

/** The keys of a word itself, without guesses. */
export function baseKeys(word: string): string[] {
  const simple = plain(word);
  if (!isRussian(simple)) return latinKeys(simple);
  const adjective = russianAdjective(simple);
  return [...(adjective ? [`adj:${adjective}`] : []), russianNoun(simple)];
}

/** The key a dictionary files a word under. */
export function keyOf(word: string): string {
  return baseKeys(word)[0]!;
}

/** Whether a word is written in Cyrillic. */
export const isRussian = (word: string): boolean => /[а-яё]/i.test(word);

/** Whether a word has the form of a Russian adjective. */
export const isRussianAdjective = (word: string): boolean => keyOf(word).startsWith('adj:');

const plain = (word: string): string => word.toLowerCase().replaceAll('ё', 'е').replaceAll('’', "'");

function guesses(word: string): string[] {
  if (!isRussian(word)) return [];
  const noun = russianNoun(word);
  const diminutives = [
    noun.replace(/[ое]чк$/, 'к'),
    noun.replace(/[ое]чк$/, ''),
    noun.replace(/(?<=[а-я]{3})ик$/, ''),
    noun.replace(/(?<=[а-я]{2}[^аеиоуыэюя])[кц]$/, ''),
  ].filter((stem) => stem !== noun);
  // красно-белый, сине-жёлтый: the first half of a compound
  const compound = /^.{3,}[ое]$/.test(word) ? [`adj:${word.slice(0, -1)}`] : [];
  return [...diminutives.map((stem) => irregular[stem] ?? stem), ...compound];
}

function russianAdjective(word: string): string | null {
  const stemmed = (endings: readonly string[]): string | null => {
    const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= 2);
    return ending === undefined ? null : word.slice(0, -ending.length);
  };
  const soft = stemmed(softAdjective);
  if (soft && /[нгкхжшщч]$/.test(soft)) return soft;
  const hard = stemmed(hardAdjective);
  if (hard && !/[гкхжшщч]$/.test(hard)) return hard;
  return stemmed(anyAdjective);
}

function russianNoun(word: string): string {
  const ending = nounEndings.find((end) => word.endsWith(end) && word.length - end.length >= (end.length > 1 ? 3 : 2));
  const stem = ending === undefined ? word : word.slice(0, -ending.length);
  const odd = irregular[stem];
  if (odd) return odd;
  // кошек is of кошка, щенок of щенка, орёл of орла: the vowel that comes and goes is left out
  return stem
    .replace(/(?<=[бвгджзклмнпрстфхцчшщ])[ео]к$/, 'к')
    .replace(/(?<=[а-я]{2})ец$/, 'ц')
    .replace(/^(ор|ос|коз|уз)ел$/, '$1л');
}

function latinKeys(word: string): string[] {
  const unaccented = word.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return [...new Set([irregular[unaccented] ?? singular(unaccented), unaccented])];
}

function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(x|z|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
