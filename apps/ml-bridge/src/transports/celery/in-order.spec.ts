import { InOrder } from './in-order.js';

describe('work in order', () => {
  it('is done one after the other for one thing, at once for others, and goes on after a failure', async () => {
    const order = new InOrder();
    const done: string[] = [];
    let release = (): void => undefined;
    const first = order.after('a', async () => {
      await new Promise<void>((resolve) => (release = resolve));
      done.push('a1');
      throw new Error('once');
    });
    const second = order.after('a', async () => void done.push('a2'));
    await order.after('b', async () => void done.push('b1'));
    release();
    await expect(first).rejects.toThrow('once');
    await second;
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });
});
