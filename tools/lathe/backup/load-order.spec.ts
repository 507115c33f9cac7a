import { inLoadOrder } from './load-order.js';

const tables = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
const order = (...references: [string, string][]): string =>
  inLoadOrder(
    tables,
    references.map(([from, to]) => ({ from, to })),
  )
    .map(({ name }) => name)
    .join('');

describe('the order in which tables are filled', () => {
  it('is any without references', () => {
    expect(order()).toBe('abcd');
  });

  it('has what is referred to before what refers to it', () => {
    expect(order(['a', 'b'], ['b', 'd'])).toBe('cdba');
    expect(order(['a', 'd'], ['b', 'd'], ['c', 'b'])).toBe('dabc');
  });

  it('does not mind rows that refer to rows of the same table', () => {
    expect(order(['b', 'b'])).toBe('abcd');
  });

  it('cannot be had of a circle', () => {
    expect(() => order(['a', 'b'], ['b', 'a'])).toThrow('a, b');
  });
});
