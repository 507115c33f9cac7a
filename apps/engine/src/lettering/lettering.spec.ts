import { lettering } from './lettering.js';

describe('a sign with a text on it', () => {
  it('has the lines of the text', async () => {
    expect((await lettering('Привет, мир')).lines).toEqual(['Привет, мир']);
  });

  it.each([
    ['in letters that the font has not', '红色的杯子'],
    ['of marks that show nothing', '\u200d'],
  ])('is refused for a text %s', async (_, text) => {
    await expect(lettering(text)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
