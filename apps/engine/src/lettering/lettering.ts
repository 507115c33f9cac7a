import { GenerationError } from '../reference/generation-error.js';
import { enamel } from '../shapes/finishes.js';
import type { Kit, Point } from '../shapes/kit.js';
import type { Part, Workshop } from '../shapes/shape.js';
import { boldFont, outlinesOf } from './glyphs.js';
import { linesOf } from './lines.js';

/** Distance of the baselines, in ems. */
const leading = 1.15;
const letterDepth = 0.16;
const board = { margin: 0.3, depth: 0.14, round: 0.05 };

/**
 * A sign with a text on it, ready to be built: what the engine makes of words it knows no thing for.
 * @throws GenerationError unsupported when the font has none of the letters
 */
export async function lettering(text: string): Promise<{ lines: string[]; build: (workshop: Workshop) => Part[] }> {
  const font = await boldFont();
  const known = [...text.normalize('NFC')].filter(
    (character) => /\s/u.test(character) || font.charToGlyphIndex(character) > 0,
  );
  const lines = linesOf(known.join(''));
  const outlines = lines.flatMap((line, row) =>
    outlinesOf(font, line).map((outline) =>
      outline.map(([x, y]): Point => [x, y + (lines.length - 1 - row) * leading]),
    ),
  );
  if (outlines.length === 0) {
    throw new GenerationError(
      'unsupported',
      'The reference engine cannot read this prompt: it knows Latin, Cyrillic and Greek letters and most emoji',
    );
  }
  return { lines, build: ({ kit, paint }) => sign(kit, outlines, paint) };
}

/** Letters on a board, half sunk into it; the board stands on the ground. */
function sign(kit: Kit, outlines: Point[][], paint: Workshop['paint']): Part[] {
  const letters = kit.panel(outlines, letterDepth, 0.018);
  const { min, max } = letters.boundingBox();
  const [width, height] = [max[0] - min[0] + 2 * board.margin, max[2] - min[2] + 2 * board.margin];
  const back = kit
    .box(width, board.depth, height, board.round)
    .translate([(min[0] + max[0]) / 2, board.depth / 2 + letterDepth / 4, min[2] - board.margin]);
  return [
    { name: 'letters', solid: letters, finish: paint.finish('letters', 'main', enamel('#f2b632')) },
    { name: 'board', solid: back, finish: paint.finish('board', 'accent', enamel('#2f4858')) },
  ];
}
