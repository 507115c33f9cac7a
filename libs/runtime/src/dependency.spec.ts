import { Dependency } from './dependency.js';

/** A question that is answered when the test says so. */
const askable = () => {
  const asked: ((answer: boolean) => void)[] = [];
  const dependency = new Dependency('database', () => new Promise<boolean>((resolve) => asked.push(resolve)));
  return { asked, dependency };
};

describe('a dependency', () => {
  it.each([
    ['that says yes', () => true, true],
    ['that says no', async () => false, false],
    ['that fails', () => Promise.reject(new Error('refused')), false],
    [
      'that cannot even be asked',
      () => {
        throw new Error('closed');
      },
      false,
    ],
  ])('%s is taken at its word', async (_, ask, answer) => {
    const dependency = new Dependency('database', ask);
    expect(dependency.lastKnown).toBeUndefined();
    expect(await dependency.answers()).toBe(answer);
    expect(dependency.lastKnown).toBe(answer);
  });

  it('is asked once, however many want to know', async () => {
    const { asked, dependency } = askable();
    const probes = Array.from({ length: 50 }, () => dependency.answers());
    expect(asked).toHaveLength(1);
    asked[0]!(true);
    expect(new Set(await Promise.all(probes))).toEqual(new Set([true]));
    const next = dependency.answers();
    expect(asked).toHaveLength(2);
    asked[1]!(false);
    expect(await next).toBe(false);
  });

  it('that says nothing does not answer, and is not asked again meanwhile', async () => {
    jest.useFakeTimers();
    const { asked, dependency } = askable();
    for (let probe = 0; probe < 3; probe++) {
      const answer = dependency.answers();
      await jest.advanceTimersByTimeAsync(2000);
      expect(await answer).toBe(false);
    }
    expect(asked).toHaveLength(1);
    asked[0]!(true);
    jest.useRealTimers();
  });
});
