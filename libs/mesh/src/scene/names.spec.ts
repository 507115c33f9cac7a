import { safeName, UniqueNames } from './names.js';

describe('a safe name', () => {
  it.each([
    ['chair', 'chair'],
    ['椅子 1', '椅子_1'],
    ['../../etc/passwd', 'etc_passwd'],
    ['C:\\models\\a.obj', 'C_models_a.obj'],
    ['red\nnewmtl evil', 'red_newmtl_evil'],
    ['"quoted" & <tagged>', 'quoted_tagged'],
    ['...', 'fallback'],
    ['', 'fallback'],
  ])('of %j is %s', (text, name) => {
    expect(safeName(text, 'fallback')).toBe(name);
  });

  it('is short', () => {
    expect(safeName('木'.repeat(500))).toHaveLength(80);
  });
});

describe('unique names', () => {
  it('number the ones that were taken', () => {
    const names = new UniqueNames();
    expect(['a', 'a', 'a_2', 'a'].map((name) => names.of(name))).toEqual(['a', 'a_2', 'a_2_2', 'a_3']);
  });
});
