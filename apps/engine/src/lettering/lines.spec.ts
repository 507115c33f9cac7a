import { linesOf } from './lines.js';

describe('the lines of a sign', () => {
  it.each([
    ['hello', ['hello']],
    ['  hello \n world ', ['hello world']],
    ['кто стучится в дверь ко мне', ['кто стучится в', 'дверь ко мне']],
    ['Donaudampfschifffahrt', ['Donaudampfschi', 'fffahrt']],
    ['', []],
  ])('%s', (text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  it('end in an ellipsis when there are too many', () => {
    const lines = linesOf('one two three four five six seven eight nine ten eleven twelve thirteen fourteen');
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/…$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(14);
  });
});
