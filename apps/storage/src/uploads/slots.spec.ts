import { Slots } from './slots.js';

/** Work that ends when it is told to. */
function work() {
  let finish!: (value: string) => void;
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  return { run: jest.fn(() => done), finish };
}

describe('slots', () => {
  it('run as many as there are places and refuse the next', async () => {
    const slots = new Slots(1, 0);
    const first = work();
    const running = slots.run(first.run);
    await expect(slots.run(work().run)).rejects.toMatchObject({
      code: 'service_unavailable',
      details: { retryAfter: 2 },
    });
    first.finish('done');
    expect(await running).toBe('done');
    expect(await slots.run(() => Promise.resolve('free again'))).toBe('free again');
  });

  it('let the others wait for their turn', async () => {
    const slots = new Slots(1, 1);
    const [first, second] = [work(), work()];
    const results = [slots.run(first.run), slots.run(second.run)];
    expect(second.run).not.toHaveBeenCalled();
    second.finish('two');
    first.finish('one');
    expect(await Promise.all(results)).toEqual(['one', 'two']);
  });

  it('are free again after a failure', async () => {
    const slots = new Slots(1, 0);
    await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(() => Promise.resolve(1))).toBe(1);
  });
});
