import { keyOf, keysOf } from './stem.js';

const oneKey = (words: string): string[] => [...new Set(words.split(' ').map(keyOf))];

describe('the stemmer', () => {
  it.each([
    ['красный красная красное красные красного красной красному красным красную красном красных красными', 'adj:красн'],
    ['синий синяя синее синие синего синей синему синим синюю синем синих синими', 'adj:син'],
    ['рыжий рыжая рыжее рыжие рыжего рыжей рыжему рыжим рыжую рыжем рыжих рыжими', 'adj:рыж'],
    ['высокий высокая высокое высокие высокого высокой высокому высоким высокую высоких', 'adj:высок'],
    ['золотой золотая золотое золотые золотого золотую золотым золотых', 'adj:золот'],
  ])('gives all forms of a Russian adjective one key: %s', (forms, key) => {
    expect(oneKey(forms)).toEqual([key]);
  });

  it.each([
    'ваза вазы вазе вазу вазам вазами вазах',
    'стол стола столу столом столе столы столов столам столами столах',
    'ключ ключа ключу ключи ключам ключами',
    'яблоко яблока яблоку яблоки',
    'щенок щенка щенку щенки щенками',
    'лев льва льву львы львами',
    'кошка кошки кошке кошку кошкой кошек кошками',
    'кружка кружки кружке кружку кружкой кружек кружками',
    'орёл орла орлу орлом орлы',
  ])('finds a Russian noun in all its forms: %s', (forms) => {
    const [nominative] = forms.split(' ');
    for (const form of forms.split(' ')) expect(keysOf(form)).toContain(keyOf(nominative!));
  });

  it('tells a sky-blue thing from a dove', () => {
    expect(keysOf('голубой')[0]).toBe('adj:голуб');
    for (const form of ['голубь', 'голубя', 'голубем', 'голуби', 'голубями']) expect(keysOf(form)[0]).toBe('голуб');
  });

  it('guesses what a diminutive is made of, last', () => {
    expect(keysOf('котик')).toEqual(['котик', 'кот']);
    expect(keysOf('кошечка').slice(1)).toContain('кошк');
    expect(keysOf('рыбка')).toEqual(['рыбк', 'рыб']);
  });

  it.each([
    ['mugs', 'mug'],
    ['boxes', 'box'],
    ['berries', 'berry'],
    ['wolves', 'wolf'],
    ['glass', 'glass'],
    ['cactus', 'cactus'],
    ['bus', 'bus'],
    ['geese', 'goose'],
    ['Ärzte', 'arzte'],
  ])('makes %s singular and plain: %s', (word, key) => {
    expect(keyOf(word)).toBe(key);
  });
});
