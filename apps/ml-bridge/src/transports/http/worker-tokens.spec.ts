import { areWorkerTokens, bearerOf, workerTokensOf } from './worker-tokens.js';

const [one, two, three] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];

describe('the tokens of workers', () => {
  it.each([
    ['', true],
    [`gpu:${one}`, true],
    [` gpu:${one} ,\n gpu:${two}\nother:${three}=\n`, true],
    [`gpu:${one.slice(1)}`, false],
    [one, false],
    [`:${one}`, false],
    [`gpu:${one} ${two}`, false],
    [`gpu:${one},other:${one}`, false],
  ])('%j are such a setting: %s', (setting, is) => expect(areWorkerTokens(setting)).toBe(is));

  it('are each good for their pool, of which one may have several', () => {
    const tokens = workerTokensOf(`gpu:${one},gpu:${two}\nother:${three}`);
    const poolOf = (header: string | undefined) => bearerOf(tokens, header)?.pool;
    expect([one, two, three].map((token) => poolOf(`Bearer ${token}`))).toEqual(['gpu', 'gpu', 'other']);
    expect(poolOf(`bearer ${one}`)).toBe('gpu');
    for (const wrong of [undefined, '', 'Bearer', one, `Bearer ${one}x`, `Basic ${one}`, `Bearer gpu:${one}`]) {
      expect(poolOf(wrong)).toBeUndefined();
    }
  });

  it('are not kept', () => expect(JSON.stringify(workerTokensOf(`gpu:${one}`))).not.toContain(one));
});
