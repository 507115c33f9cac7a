import { afterTry, newDelivery, retryPausesMs } from './delivery.js';

const now = new Date('2026-01-01T00:00:00Z');
const failed = { responseStatus: 500, error: 'The receiver answered 500.' };
const pauseAfter = (attempts: number, random: number): number =>
  afterTry(attempts, failed, now, () => random).nextAttemptAt!.getTime() - now.getTime();

describe('a delivery', () => {
  it('is due at once, and knows the host it goes to', () => {
    const task = { id: 'task', ownerId: 'owner' };
    const announcement = { type: 'task.failed' as const, url: 'https://Example.org:443/hooks', body: '{}' };
    expect(newDelivery('id', task, announcement, now)).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      host: 'example.org',
    });
  });

  it('is tried again after pauses that grow, for a day in all', () => {
    const pauses = retryPausesMs.map((_, index) => pauseAfter(index + 1, 0.5));
    expect(pauses).toEqual([...retryPausesMs]);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThan(25);
  });

  it('does not come back with all others at the same moment', () => {
    expect([pauseAfter(2, 0), pauseAfter(2, 1)]).toEqual([54_000, 66_000]);
  });

  it('has failed when the last try did', () => {
    expect(afterTry(retryPausesMs.length + 1, failed, now, () => 0)).toEqual({
      ...failed,
      status: 'failed',
      nextAttemptAt: null,
    });
  });

  it('has failed when the receiver is gone for good', () => {
    const gone = { responseStatus: 410, error: 'The receiver answered 410.' };
    expect(afterTry(1, gone, now, () => 0)).toEqual({ ...gone, status: 'failed', nextAttemptAt: null });
  });

  it('is delivered by whichever try is heard', () => {
    const heard = { responseStatus: 204, error: null };
    for (const attempts of [1, 9, 30]) {
      expect(afterTry(attempts, heard, now, () => 0)).toEqual({ ...heard, status: 'delivered', nextAttemptAt: null });
    }
  });
});
