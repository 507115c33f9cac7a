/** Names of two words that would be misunderstood word by word, and the one word that says the same. */
const compounds: readonly (readonly [RegExp, string])[] = [
  [/\bice[\s-]?creams?( cones?)?\b/giu, 'icecream'],
  [/\bspace[\s-](ship|craft|rocket)s?\b/giu, 'spaceship'],
  [/\b(flower|plant)[\s-]pots?\b/giu, 'flowerpot'],
  [/\bsnow[\s-]m[ae]n\b/giu, 'snowman'],
  [/\blight[\s-]houses?\b/giu, 'lighthouse'],
  [/\bwine[\s-]glass(es)?\b/giu, 'wineglass'],
  [/\bbook[\s-](case|shel)(f|ves|s)?\b/giu, 'bookcase'],
  [/\btea[\s-](pot|kettle)s?\b/giu, 'teapot'],
  [/\btreasure[\s-]chests?\b/giu, 'chest'],
  [/космическ\p{L}+\s+корабл\p{L}*/giu, 'ракета'],
  [/цветочн\p{L}+\s+горш\p{L}*/giu, 'горшок'],
  [/игральн\p{L}+\s+кост\p{L}*/giu, 'кость'],
];

/** A prompt with its compounds each made one word. */
export const joined = (prompt: string): string =>
  compounds.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), prompt);
