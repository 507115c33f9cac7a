import { hasTemporaryRule, temporaryRule } from './lifecycle.js';

describe('the lifecycle of a bucket', () => {
  it.each([
    ['has none', null, false],
    ['is empty', {}, false],
    ['is our rule alone', { Rule: temporaryRule }, true],
    ['has our rule among others', { Rule: [{ ID: 'archive' }, temporaryRule] }, true],
    ['has others', { Rule: [{ ID: 'archive' }, {}] }, false],
  ])('that %s', (_, configuration, known) => {
    expect(hasTemporaryRule(configuration)).toBe(known);
  });
});
