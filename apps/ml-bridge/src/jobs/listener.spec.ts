import { Listener } from './listener.js';

const { signal: never } = new AbortController();

/** Whether a wait is over. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  return Promise.race([wait.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
}

describe('somebody who waits for a bell', () => {
  it('is woken when it rings', async () => {
    const listener = new Listener(() => {});
    const wait = listener.next(60_000, never);
    expect(await isOver(wait)).toBe(false);
    listener.ring();
    expect(await isOver(wait)).toBe(true);
  });

  it('does not miss that it rang between two waits, and hears it once', async () => {
    const listener = new Listener(() => {});
    listener.ring();
    expect(listener.rung).toBe(true);
    expect(await isOver(listener.next(60_000, never))).toBe(true);
    const leaving = new AbortController();
    const wait = listener.next(60_000, leaving.signal);
    expect(await isOver(wait)).toBe(false);
    leaving.abort();
    expect(await isOver(wait)).toBe(true);
    expect(await isOver(listener.next(60_000, leaving.signal))).toBe(true);
  });

  it('is woken when its time is over', async () => {
    await expect(new Listener(() => {}).next(1, never)).resolves.toBeUndefined();
  });
});
