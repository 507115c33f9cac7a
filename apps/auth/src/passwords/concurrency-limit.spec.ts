import { setImmediate as turn } from 'node:timers/promises';
import { ConcurrencyLimit } from './concurrency-limit.js';

const full = () => new Error('full');

/** Work that ends when it is told to, and a record of what has begun. */
function controlledWork() {
  const begun: number[] = [];
  const endings = new Map<number, () => void>();
  const work = (id: number) => () => {
    begun.push(id);
    return new Promise<number>((resolve) => endings.set(id, () => resolve(id)));
  };
  return { begun, work, end: (id: number) => endings.get(id)!() };
}

describe('a concurrency limit', () => {
  it('begins no more than allowed, in the order of arrival', async () => {
    const limit = new ConcurrencyLimit(2, 10);
    const { begun, work, end } = controlledWork();
    const results = [1, 2, 3, 4].map((id) => limit.run(work(id), full));
    expect(begun).toEqual([1, 2]);
    end(2);
    await turn();
    expect(begun).toEqual([1, 2, 3]);
    end(1);
    await turn();
    end(3);
    end(4);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  it('refuses what would wait behind a full queue, without beginning it', async () => {
    const limit = new ConcurrencyLimit(1, 1);
    const { begun, work, end } = controlledWork();
    const first = limit.run(work(1), full);
    const second = limit.run(work(2), full);
    await expect(limit.run(work(3), full)).rejects.toThrow('full');
    end(1);
    await first;
    await turn();
    end(2);
    await second;
    expect(begun).toEqual([1, 2]);
  });

  it('gives the place back when the work fails', async () => {
    const limit = new ConcurrencyLimit(1, 0);
    await expect(limit.run(() => Promise.reject(new Error('broken')), full)).rejects.toThrow('broken');
    expect(await limit.run(() => Promise.resolve('fine'), full)).toBe('fine');
  });
});
