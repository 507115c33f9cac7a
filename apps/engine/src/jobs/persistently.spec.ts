import { persistently } from './persistently.js';

describe('the end of a job', () => {
  const nobodyListens = (): void => {};

  it('is sent until it has arrived', async () => {
    let tries = 0;
    const send = () => (++tries < 2 ? Promise.reject(new Error('away')) : Promise.resolve());
    const refusals: number[] = [];
    await persistently(send, new AbortController().signal, (_, count) => void refusals.push(count));
    expect([tries, refusals]).toEqual([2, [1]]);
  });

  it('is given up seconds after the engine was told to end, though it had begun to wait for longer', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const stopping = new AbortController();
    const outcome = persistently(() => Promise.reject(new Error('away')), stopping.signal, nobodyListens).catch(
      (error: Error) => error.message,
    );
    await jest.advanceTimersByTimeAsync(20_000);
    stopping.abort();
    const told = Date.now();
    await jest.advanceTimersByTimeAsync(4500);
    expect(await outcome).toBe('away');
    expect(Date.now() - told).toBe(4500);
    jest.useRealTimers();
  });
});
