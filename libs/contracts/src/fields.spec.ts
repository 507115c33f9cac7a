import 'reflect-metadata';
import { validated } from '#messaging';
import { NewTask, RegisterAccount } from './index.js';

const client = { address: '203.0.113.7', user_agent: null };

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
    ['a fallback named twice', { fallback_models: ['b', 'b'] }, '/fallback_models'],
    ['more than four fallbacks', { fallback_models: ['b', 'c', 'd', 'e', 'f'] }, '/fallback_models'],
    ['a fallback without a name', { fallback_models: [''] }, '/fallback_models'],
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
    const account = validated(RegisterAccount, { email: ' Ada@Example.org ', password: ' pass word ', client });
    expect(account).toMatchObject({ email: 'ada@example.org', password: ' pass word ' });
  });

  it.each(['🔑'.repeat(8), '🔑'.repeat(128), 'e\u0301'.repeat(64), '\u202e\u0007 seen ', '        '])(
    'counts the password %j in characters and takes whatever is in it',
    (password) => {
      const account = validated(RegisterAccount, { email: 'ada@example.org', password, client });
      expect(account.password).toBe(password);
    },
  );

  it.each(['🔑'.repeat(7), '🔑'.repeat(129), ''])('with the password %j is told how long it may be', (password) => {
    const register = () => validated(RegisterAccount, { email: 'ada@example.org', password, client });
    const errors = [{ pointer: '/password', message: 'password must be 8 to 128 characters long' }];
    expect(register).toThrow(expect.objectContaining({ details: { errors } }));
  });

  it.each([undefined, null, 'text', []])('that is %j is refused', (body) => {
    expect(pointersOf(() => validated(NewTask, body))).toEqual(['']);
  });
});
