import { persistently } from './persistently.js';

describe('the end of a job', () => {
  it('is sent until it has arrived', async () => {
    let tries = 0;
    const send = () => (++tries < 2 ? Promise.reject(new Error('away')) : Promise.resolve());
    const refusals: number[] = [];
    await persistently(send, new AbortController().signal, (_, count) => void refusals.push(count));
    expect([tries, refusals]).toEqual([2, [1]]);
  });

  it('is given up seconds after the engine was told to end, though it had begun to wait for longer', async () => {
    const stopping = new AbortController();
    let refusals = 0;
    const onRefusal = (): void => {
      if (++refusals === 2) stopping.abort();
    };
    const told = Date.now();
    await expect(persistently(() => Promise.reject(new Error('away')), stopping.signal, onRefusal)).rejects.toThrow(
      'away',
    );
    expect(Date.now() - told).toBeGreaterThan(2000);
    expect(refusals).toBeLessThan(10);
  });
});
