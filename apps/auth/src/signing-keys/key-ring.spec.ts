import { isRotationDue, outdatedAt, signingAt } from './key-ring.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 23, 8, minute));
const key = (kid: string, minute: number) => ({ kid, signsFrom: at(minute) });
const [first, second, third] = [key('first', 0), key('second', 10), key('third', 60)];
const kids = (keys: { kid: string }[]) => keys.map(({ kid }) => kid);

describe('of several keys', () => {
  it.each([
    [9, 'first'],
    [10, 'second'],
    [59, 'second'],
    [60, 'third'],
    [600, 'third'],
  ])('at minute %d the %s signs', (minute, kid) => {
    expect(signingAt([third, first, second], at(minute))).toMatchObject({ kid });
  });

  it('one signs even before its time when there is no other', () => {
    expect(signingAt([third], at(0))).toBe(third);
    expect(signingAt([], at(0))).toBeNull();
  });

  it('every replica picks the same when two begin at one moment', () => {
    const twins = [key('a', 10), key('b', 10)];
    expect(signingAt(twins, at(20))).toEqual(signingAt(twins.toReversed(), at(20)));
  });

  it.each([
    [20, []],
    [25, []],
    [26, ['first']],
    [75, ['first']],
    [76, ['first', 'second']],
    [9999, ['first', 'second']],
  ])('at minute %d with tokens of 15 minutes %j are of no use', (minute, expected) => {
    expect(kids(outdatedAt([second, third, first], at(minute), 900))).toEqual(expected);
  });

  it('the next is due so many days after the newest began, also while it has not begun', () => {
    expect(isRotationDue([first, second], new Date(at(10).getTime() + 30 * 86_400_000 - 1), 30)).toBe(false);
    expect(isRotationDue([first, second], new Date(at(10).getTime() + 30 * 86_400_000), 30)).toBe(true);
    expect(isRotationDue([first, key('to come', 99_999)], at(60), 30)).toBe(false);
    expect(isRotationDue([], at(0), 30)).toBe(false);
  });
});
