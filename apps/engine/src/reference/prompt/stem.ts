/** Words that change more than their ending: the stem of the odd form, then the stem it stands for. */
const irregular: Record<string, string> = {
  льв: 'лев',
  псы: 'пес',
  пса: 'пес',
  огн: 'огон',
  камн: 'камен',
  сердц: 'сердец',
  яйц: 'яиц',
  цвет: 'цветк',
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
 * so that голубой (sky blue) is not голубь (a dove).
 */
export function keysOf(word: string): string[] {
  const plain = word.toLowerCase().replaceAll('ё', 'е').replaceAll('’', "'");
  const keys = /[а-я]/.test(plain) ? russianKeys(plain) : latinKeys(plain);
  return [...new Set(keys)];
}

/** The key a dictionary files a word under. */
export function keyOf(word: string): string {
  return keysOf(word)[0]!;
}

function russianKeys(word: string): string[] {
  const noun = russianNoun(word);
  const adjective = russianAdjective(word);
  const diminutives = [
    noun.replace(/[оеё]чк$/, 'к'),
    noun.replace(/[оеё]чк$/, ''),
    noun.replace(/(?<=[а-я]{3})ик$/, ''),
    noun.replace(/(?<=[а-я]{3})[кц]$/, ''),
  ].filter((stem) => stem !== noun);
  // красно-белый, тёмно-синий: the first half of a compound ends in о
  const compound = word.length > 4 && word.endsWith('о') ? [`adj:${word.slice(0, -1)}`] : [];
  return [...(adjective ? [`adj:${adjective}`] : []), noun, ...diminutives, ...compound];
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
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return [irregular[plain] ?? singular(plain), plain];
}

function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(x|z|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
