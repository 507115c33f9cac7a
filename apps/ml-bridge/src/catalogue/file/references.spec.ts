import { withSettings } from './references.js';

const setting = (name: string): string | undefined => ({ HOST: 'gpu', KEY: '${HOST}' })[name];

describe('settings in models.yaml', () => {
  it('stand wherever a text names them', () => {
    const { value, missing } = withSettings(
      { url: 'http://${HOST}:80/${HOST}', options: { list: ['${KEY}', 3, null, true] } },
      setting,
    );
    expect(value).toEqual({ url: 'http://gpu:80/gpu', options: { list: ['${HOST}', 3, null, true] } });
    expect(missing).toEqual([]);
  });

  it('that are not there are named, each once', () => {
    expect(withSettings(['${NONE} ${NONE}', '${HOST} ${OTHER_1}'], setting).missing).toEqual(['NONE', 'OTHER_1']);
  });

  it('are names in capital letters: anything else is text', () => {
    expect(withSettings('${host} $HOST ${} {HOST}', setting)).toEqual({
      value: '${host} $HOST ${} {HOST}',
      missing: [],
    });
  });
});
