import { Breaker, BreakerOpen } from './breaker.js';

class Refusal extends Error {}

describe('a breaker', () => {
  let breaker: Breaker;
  const probe = jest.fn<Promise<unknown>, []>();
  const fail = () => breaker.run(() => Promise.reject(new Error('no answer')));
  const work = jest.fn(() => Promise.resolve('done'));

  beforeEach(() => {
    jest.useFakeTimers();
    jest.resetAllMocks();
    work.mockResolvedValue('done');
    const isFailure = (error: unknown) => !(error instanceof Refusal);
    breaker = new Breaker({ failures: 3, pauseMs: 1000, isFailure, probe });
  });
  afterEach(() => {
    breaker.stop();
    jest.useRealTimers();
  });

  const failThrice = async () => {
    for (const _ of [1, 2, 3]) await expect(fail()).rejects.toThrow('no answer');
  };

  it('lets work through, and its errors', async () => {
    expect(await breaker.run(work)).toBe('done');
    await expect(fail()).rejects.toThrow('no answer');
    await expect(fail()).rejects.toThrow('no answer');
    expect(await breaker.run(work)).toBe('done');
    await expect(fail()).rejects.toThrow('no answer');
    expect([await breaker.run(work), breaker.open]).toEqual(['done', false]);
  });

  it('begins nothing after three failures in a row, however much went well before', async () => {
    for (let n = 0; n < 100; n++) await breaker.run(work);
    work.mockClear();
    await failThrice();
    await expect(breaker.run(work)).rejects.toBeInstanceOf(BreakerOpen);
    expect([work.mock.calls.length, breaker.open]).toEqual([0, true]);
  });

  it('takes no answer for a failure', async () => {
    for (const _ of [1, 2, 3, 4, 5]) {
      await expect(breaker.run(() => Promise.reject(new Refusal('no such thing')))).rejects.toBeInstanceOf(Refusal);
    }
    expect(breaker.open).toBe(false);
  });

  it('asks by itself after the pause, and is closed when that goes well', async () => {
    await failThrice();
    await jest.advanceTimersByTimeAsync(999);
    expect(probe).not.toHaveBeenCalled();
    probe.mockResolvedValue(true);
    await jest.advanceTimersByTimeAsync(1);
    expect([probe.mock.calls.length, breaker.open]).toEqual([1, false]);
    expect(await breaker.run(work)).toBe('done');
  });

  it('lets nothing else through while it asks, and waits again when the answer is bad', async () => {
    await failThrice();
    let refuse!: (error: Error) => void;
    probe.mockReturnValueOnce(new Promise((_, reject) => (refuse = reject))).mockResolvedValue(true);
    await jest.advanceTimersByTimeAsync(1000);
    await expect(breaker.run(work)).rejects.toBeInstanceOf(BreakerOpen);
    refuse(new Error('still no answer'));
    await jest.advanceTimersByTimeAsync(999);
    await expect(breaker.run(work)).rejects.toBeInstanceOf(BreakerOpen);
    expect(work).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect([probe.mock.calls.length, breaker.open]).toEqual([2, false]);
  });

  it('asks nothing once it is stopped', async () => {
    await failThrice();
    breaker.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(probe).not.toHaveBeenCalled();
  });
});
