import 'reflect-metadata';
import { validated } from '#messaging';
import { NewTask, RegisterAccount } from './index.js';

const pointersOf = (check: () => unknown): string[] => {
  try {
    check();
    return [];
  } catch (error) {
    return (error as { details: { errors: { pointer: string }[] } }).details.errors.map(({ pointer }) => pointer);
  }
};

describe('a request body', () => {
  it('keeps what is valid and normalises text to NFC', () => {
    expect(validated(NewTask, { prompt: 'cafe\u0301', params: { seed: 1 } })).toMatchObject({
      prompt: 'café',
      params: { seed: 1 },
    });
  });

  it.each([
    ['an unknown field', { prompt: 'x', owner_id: 'me' }, '/owner_id'],
    ['an unknown nested field', { params: { speed: 1 } }, '/params/speed'],
    ['an empty prompt', { prompt: '' }, '/prompt'],
    ['a prompt of spaces', { prompt: ' \n\u00a0\u3000' }, '/prompt'],
    ['a prompt of nothing visible', { prompt: '\u200d\u00ad\ufe0f' }, '/prompt'],
    ['2001 characters', { prompt: '🦊'.repeat(2001) }, '/prompt'],
    ['a control character', { prompt: 'a\u0000b' }, '/prompt'],
    ['a direction override', { prompt: 'a\u202eb' }, '/prompt'],
    ['half a character', { prompt: 'a\ud800' }, '/prompt'],
    ['null', { prompt: null }, '/prompt'],
    ['a fraction for a whole number', { params: { seed: 1.5 } }, '/params/seed'],
    ['a word for a number', { params: { seed: '1' } }, '/params/seed'],
    ['an unknown format', { output_formats: ['dwg'] }, '/output_formats'],
    ['a bad id in a list', { images: [{ file_id: 'x' }] }, '/images/0/file_id'],
    ['five pictures', { images: Array.from({ length: 5 }, () => ({ file_id: 'x' })) }, '/images'],
    ['long metadata', { metadata: { a: 'x'.repeat(257) } }, '/metadata'],
    ['a list for an object', { params: [] }, '/params'],
  ])('with %s is refused by its pointer', (_, body, pointer) => {
    expect(pointersOf(() => validated(NewTask, body))).toContain(pointer);
  });

  it('counts a prompt in characters, not in UTF-16 units', () => {
    expect(validated(NewTask, { prompt: '🦊'.repeat(2000) }).prompt).toHaveLength(4000);
  });

  it('takes a password as it is and an address in lower case', () => {
    const account = validated(RegisterAccount, { email: ' Ada@Example.org ', password: ' pass word ' });
    expect(account).toMatchObject({ email: 'ada@example.org', password: ' pass word ' });
  });

  it.each([undefined, null, 'text', []])('that is %j is refused', (body) => {
    expect(pointersOf(() => validated(NewTask, body))).toEqual(['']);
  });
});
