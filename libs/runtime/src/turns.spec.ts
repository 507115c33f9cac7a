import { Turns } from './turns.js';

describe('work in turns', () => {
  it('is done one after the other for one thing, at once for others, and goes on after a failure', async () => {
    const turns = new Turns();
    const done: string[] = [];
    let release = (): void => undefined;
    const first = turns.take('a', async () => {
      await new Promise<void>((resolve) => (release = resolve));
      done.push('a1');
      throw new Error('once');
    });
    const second = turns.take('a', async () => void done.push('a2'));
    await turns.take('b', async () => void done.push('b1'));
    release();
    await expect(first).rejects.toThrow('once');
    await second;
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });
});
