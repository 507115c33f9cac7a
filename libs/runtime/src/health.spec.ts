import { clocksAgree } from './health.js';

describe('two clocks', () => {
  it.each([
    [0, true],
    [1500, true],
    [-1500, true],
    [2600, false],
    [-2600, false],
  ])('that are %i ms apart agree: %s', async (apart, agree) => {
    expect(await clocksAgree(async () => new Date(Date.now() + apart))).toBe(agree);
  });

  it('are not said to differ because the answer took long', async () => {
    const slowly = async (): Promise<Date> => {
      const told = new Date();
      jest.setSystemTime(Date.now() + 10_000);
      return told;
    };
    jest.useFakeTimers();
    expect(await clocksAgree(slowly)).toBe(true);
    jest.useRealTimers();
  });
});
