import { Logger } from '@nestjs/common';
import { eventually } from '#testing';
import { RecurringWork } from './recurring-work.js';

/** Work whose rounds end when the test says so. */
function workOf(everyMs: number) {
  const rounds: { end: () => void; fail: (error: Error) => void }[] = [];
  const work = new RecurringWork('test', everyMs, () => {
    return new Promise<void>((end, fail) => {
      rounds.push({ end, fail });
    });
  });
  return { work, rounds };
}

const aMoment = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
const longMs = 2 ** 30;

describe('work that recurs', () => {
  it('is done every so often, one round at a time', async () => {
    const { work, rounds } = workOf(5);
    work.start();
    await eventually(() => expect(rounds).toHaveLength(1));
    await aMoment();
    expect(rounds).toHaveLength(1);
    rounds[0]!.end();
    await eventually(() => expect(rounds).toHaveLength(2));
    rounds[1]!.end();
    await work.stop();
  });

  it('is done once more after a round during which it was woken, however often', async () => {
    const { work, rounds } = workOf(longMs);
    work.start();
    for (let count = 0; count < 3; count++) work.wake();
    expect(rounds).toHaveLength(1);
    rounds[0]!.end();
    await eventually(() => expect(rounds).toHaveLength(2));
    rounds[1]!.end();
    await aMoment();
    expect(rounds).toHaveLength(2);
    await work.stop();
  });

  it('goes on after a round that failed, which is in the log', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { work, rounds } = workOf(5);
    work.start();
    await eventually(() => expect(rounds).toHaveLength(1));
    rounds[0]!.fail(new Error('not now'));
    await eventually(() => expect(rounds).toHaveLength(2));
    expect(warned).toHaveBeenCalledWith({ err: new Error('not now') });
    rounds[1]!.end();
    await work.stop();
  });

  it('is not begun before it starts nor after it stops, and the stop waits for the round under way', async () => {
    const { work, rounds } = workOf(5);
    work.wake();
    expect(rounds).toHaveLength(0);
    work.start();
    work.wake();
    work.wake();
    let stopped = false;
    const stop = work.stop().then(() => (stopped = true));
    expect(work.stopping).toBe(true);
    await aMoment();
    expect(stopped).toBe(false);
    rounds[0]!.end();
    await stop;
    work.wake();
    await aMoment();
    expect(rounds).toHaveLength(1);
  });
});
