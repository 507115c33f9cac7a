/** The longest line and the most lines a sign has. */
const longest = 14;
const most = 4;

/** Breaks a text into the lines of a sign. What does not fit is left out, with an ellipsis in its place. */
export function linesOf(text: string): string[] {
  const words = text.split(/\s+/u).filter(Boolean).flatMap(pieces);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]!.slice(0, longest - 1)}…`];
}

/** A word no line can hold is broken. */
function pieces(word: string): string[] {
  const letters = [...word];
  return Array.from({ length: Math.ceil(letters.length / longest) }, (_, i) =>
    letters.slice(i * longest, (i + 1) * longest).join(''),
  );
}
