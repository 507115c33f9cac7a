import { CeleryWorkers } from './celery-workers.js';
import type { Command } from './messages/celery-control.js';

/** Workers that answer at once, each with what a test says. */
function workersThat(answer: (command: Command) => Record<string, unknown>): CeleryWorkers {
  const workers: CeleryWorkers = new CeleryWorkers((command, ticket) => {
    for (const [node, value] of Object.entries(answer(command)))
      workers.hear(ticket, JSON.stringify({ [node]: value }));
    return Promise.resolve();
  });
  return workers;
}

describe('the workers behind a broker', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const refreshed = async (workers: CeleryWorkers): Promise<void> => {
    const refreshing = workers.refresh();
    await jest.advanceTimersByTimeAsync(1000);
    await refreshing;
  };

  it('count with what each does at once, where they read the queue', async () => {
    const workers = workersThat(({ method }) =>
      method === 'stats'
        ? { a: { pool: { 'max-concurrency': 4 } } }
        : { a: [{ name: 'plain' }], b: [{ name: 'plain' }, { name: 'other' }], c: [] },
    );
    await refreshed(workers);
    expect([workers.slotsOf('plain'), workers.slotsOf('other'), workers.slotsOf('none')]).toEqual([5, 1, 0]);
  });

  it('are remembered for a while when they do not answer, and then forgotten', async () => {
    let isThere = true;
    const workers = workersThat(() => (isThere ? { a: [{ name: 'plain' }] } : {}));
    await refreshed(workers);
    isThere = false;
    await refreshed(workers);
    expect(workers.slotsOf('plain')).toBe(1);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(workers.slotsOf('plain')).toBe(0);
  });

  it('are waited for until nothing more is to be learned', async () => {
    const workers = workersThat(() => ({ a: { 'x.1': ['active', {}] }, b: { 'y.1': ['reserved', {}] } }));
    expect(await workers.activeAmong(['x.1'])).toEqual(new Set(['x.1']));
    const asked = workers.activeAmong(['x.1', 'y.1']);
    await jest.advanceTimersByTimeAsync(1000);
    expect(await asked).toEqual(new Set(['x.1']));
  });
});
