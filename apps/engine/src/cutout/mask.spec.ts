import { blur, cleanMask, type Mask } from './mask.js';

/** A mask drawn with # for inside. */
function maskOf(...rows: string[]): Mask {
  const cells = Float32Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  return { width: rows[0]!.length, height: rows.length, cells };
}

const rowsOf = ({ width, height, cells }: Mask): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from(cells.slice(y * width, (y + 1) * width), (cell) => (cell >= 0.5 ? '#' : '.')).join(''),
  );

describe('cleaning a mask', () => {
  it('throws crumbs away and keeps what is large', () => {
    const mask = maskOf('####....', '####...#', '####....', '....##..', '....##..');
    expect(rowsOf(cleanMask(mask, 0.2))).toEqual(['####....', '####....', '####....', '....##..', '....##..']);
  });

  it('fills pinholes and keeps real holes', () => {
    const side = 60;
    const rows = Array.from({ length: side }, (_, y) =>
      Array.from({ length: side }, (_cell, x) => {
        const pinhole = x === 10 && y === 10;
        const hole = x > 30 && x < 40 && y > 30 && y < 40;
        return pinhole || hole || x === 0 || y === 0 ? '.' : '#';
      }).join(''),
    );
    const cleaned = rowsOf(cleanMask(maskOf(...rows)));
    expect(cleaned[10]![10]).toBe('#');
    expect(cleaned[35]![35]).toBe('.');
  });

  it('does not mind a mask of nothing', () => {
    expect(rowsOf(cleanMask(maskOf('...', '...')))).toEqual(['...', '...']);
  });
});

describe('blurring a mask', () => {
  it('spreads without losing anything, and leaves even ground alone', () => {
    const spot = blur(maskOf('.......', '.......', '.......', '...#...', '.......', '.......', '.......'), 2);
    expect(spot.cells.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(1, 5);
    expect(spot.cells[3 * 7 + 3]).toBeLessThan(1);
    for (const cell of blur(maskOf('###', '###'), 3).cells) expect(cell).toBeCloseTo(1, 5);
  });
});
