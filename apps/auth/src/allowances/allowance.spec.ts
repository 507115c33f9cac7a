import fc from 'fast-check';
import { allowanceOf } from './allowance.js';

/** What the statement of the repository does to `used` within one window. */
const added = (used: number, points: number, limit: number): number => Math.min(used, limit) + points;

const points = fc.integer({ min: 1, max: 200 });
const limit = fc.integer({ min: 1, max: 1000 });

describe('an allowance', () => {
  it.each([
    // used before, points, limit → granted, remaining
    [0, 1, 1, 1, 0],
    [0, 10, 100, 10, 90],
    [95, 10, 100, 5, 0],
    [100, 10, 100, 0, 0],
    [107, 10, 100, 0, 0],
    [0, 500, 100, 100, 0],
    [80, 10, 60, 0, 0], // the limit was lowered in the middle of a window
    [60, 10, 80, 10, 10],
  ])('of a window with %i used and %i asked for of %i is %i, and leaves %i', (used, asked, of, granted, remaining) => {
    const after = { used: added(used, asked, of), resetsInMs: 1000 };
    expect(allowanceOf({ points: asked, limit: of }, after)).toEqual({ granted, remaining, resets_in_ms: 1000 });
  });

  it('is never more than the limit over any takings, and all of it when enough is asked for', () => {
    fc.assert(
      fc.property(limit, fc.array(points, { maxLength: 60 }), (of, takings) => {
        let used = 0;
        let given = 0;
        for (const asked of takings) {
          used = added(used, asked, of);
          const { granted, remaining } = allowanceOf({ points: asked, limit: of }, { used, resetsInMs: 1 });
          given += granted;
          expect(remaining).toBe(of - given);
        }
        expect(given).toBe(
          Math.min(
            of,
            takings.reduce((sum, asked) => sum + asked, 0),
          ),
        );
      }),
    );
  });

  it('says how long the window lasts in whole milliseconds, and nothing below none', () => {
    expect(allowanceOf({ points: 1, limit: 1 }, { used: 1, resetsInMs: 0.2 })).toMatchObject({ resets_in_ms: 1 });
    expect(allowanceOf({ points: 1, limit: 1 }, { used: 1, resetsInMs: -3 })).toMatchObject({ resets_in_ms: 0 });
  });
});
