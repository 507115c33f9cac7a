import { NewTask } from '#contracts';
import { validated } from './validated.js';

/** The places a body is refused for, or what it became. */
function judged(body: string): unknown {
  try {
    return validated(NewTask, JSON.parse(body));
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { errors: { pointer: string }[] } };
    return code === 'invalid_parameters' ? details?.errors.map(({ pointer }) => pointer) : error;
  }
}

const file = '{"file_id":"0192f0c1-2a3b-7c4d-8e5f-0123456789ab"}';
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('what arrived', () => {
  it('becomes an instance of its class', () => {
    expect(judged(`{"images":[${file}],"metadata":{"a":"b"}}`)).toBeInstanceOf(NewTask);
  });

  it.each([
    ['a field nobody knows', '{"prompt":"x","colour":1}', '/colour'],
    ['a field nobody knows, very deep', `{"prompt":"x","a":${nested(100_000)}}`, `/a${'/0'.repeat(30)}`],
    [
      'something too deep in a free place',
      `{"params":{"model_params":{"a":${nested(5000)}}}}`,
      '/params/model_params/a',
    ],
    ['a list in the place of an object', '{"prompt":"x","params":[{"seed":1}]}', '/params'],
    ['a list in the place of an object in a list', `{"images":[[${file}]]}`, '/images'],
    ['an object in the place of a list', `{"images":{"0":${file},"length":1}}`, '/images'],
    ['the name of what every object inherits', '{"prompt":"x","__proto__":{"seed":1}}', '/__proto__'],
    [
      'such a name in a free place',
      '{"params":{"model_params":{"constructor":{"a":1}}}}',
      '/params/model_params/constructor',
    ],
    ['such a name among strings', '{"prompt":"x","metadata":{"toString":"a"}}', '/metadata/toString'],
    ['a NUL that PostgreSQL cannot keep', String.raw`{"prompt":"x","metadata":{"a":"\u0000"}}`, '/metadata/a'],
    ['half a surrogate pair', String.raw`{"prompt":"x","metadata":{"a":"\ud800"}}`, '/metadata/a'],
    ['a NUL in a name', String.raw`{"prompt":"x","metadata":{"\u0000":"a"}}`, '/metadata'],
  ])('is refused for %s, by place', (_, body, pointer) => {
    const places = judged(body);
    expect(places).toEqual([expect.stringContaining(pointer)]);
  });

  it('loses the fields nobody knows when it comes from another release of ours, and is checked all the same', () => {
    const dropping = (value: unknown) => validated(NewTask, value, 'dropped');
    expect(dropping({ prompt: 'x', colour: 1, params: { seed: 1, shade: 2 } })).toMatchObject({ params: { seed: 1 } });
    expect(JSON.stringify(dropping({ prompt: 'x', colour: 1, params: { shade: 2 } }))).not.toMatch(/colour|shade/);
    expect(() => dropping({ prompt: 1, colour: 1 })).toThrow(expect.objectContaining({ code: 'invalid_parameters' }));
  });
});
