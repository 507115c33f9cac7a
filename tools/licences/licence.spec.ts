import { isPermissive } from './licence.js';

describe('a licence', () => {
  it.each(['MIT', 'ISC', 'MIT AND OFL-1.1', '(MIT OR GPL-3.0-only)', 'GPL-2.0-only OR (MIT AND Apache-2.0)'])(
    'of %s is permissive',
    (expression) => {
      expect(isPermissive(expression)).toBe(true);
    },
  );

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'LGPL-3.0-or-later',
    'MPL-2.0',
    'MIT AND GPL-3.0-only',
    'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    '(MIT OR ISC) AND GPL-2.0-only',
    'MIT OR',
    '(MIT',
    'MIT MIT',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE.md',
    'Apache-2.0 WITH something-else',
    '',
  ])('of %j is not', (expression) => {
    expect(isPermissive(expression)).toBe(false);
  });
});
