import { readFile } from 'node:fs/promises';
import type { Font, PathCommand } from 'opentype.js';
import { fontPath } from '../reference/assets.js';
import type { Point } from '../shapes/kit.js';

/** A line of text as closed outlines, one em high, its baseline on y = 0 and its middle at x = 0. Y grows upwards. */
export type Outlines = Point[][];

/** Steps of each curve of a glyph. */
const steps = 6;

let loading: Promise<Font> | undefined;

/** The bold font all lettering is set in, read once. */
export function boldFont(): Promise<Font> {
  return (loading ??= loadFont());
}

async function loadFont(): Promise<Font> {
  const { default: opentype } = await import('opentype.js');
  const bytes = await readFile(fontPath());
  return opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The outlines of a line of text. */
export function outlinesOf(font: Font, line: string): Outlines {
  const outlines: Outlines = [];
  for (const command of font.getPath(line, -font.getAdvanceWidth(line, 1) / 2, 0, 1).commands) {
    if (command.type === 'M') outlines.push([]);
    const open = outlines.at(-1);
    if (open && command.type !== 'Z') open.push(...pointsOf(command, open.at(-1)));
  }
  return outlines.filter((outline) => outline.length > 2);
}

function pointsOf({ type, x, y, x1, y1, x2, y2 }: PathCommand, from: Point = [0, 0]): Point[] {
  if (type === 'M' || type === 'L') return [[x, -y]];
  const bends: Point[] =
    type === 'Q'
      ? [[x1, -y1]]
      : [
          [x1, -y1],
          [x2, -y2],
        ];
  return Array.from({ length: steps }, (_, i) => bezier([from, ...bends, [x, -y]], (i + 1) / steps));
}

/** De Casteljau's construction. */
function bezier(points: readonly Point[], t: number): Point {
  if (points.length === 1) return points[0]!;
  return bezier(
    points
      .slice(1)
      .map(([x, y], i): Point => [points[i]![0] + (x - points[i]![0]) * t, points[i]![1] + (y - points[i]![1]) * t]),
    t,
  );
}
