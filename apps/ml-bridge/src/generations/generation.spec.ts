import { aGeneration, anEvent, now } from '../../test/a-generation.js';
import { hear, isHeldByAnother, judge } from './generation.js';

const accepted = aGeneration({ status: 'accepted', workerId: 'worker-1', lastSeq: 4 });

describe('what a worker says about an attempt', () => {
  it('counts when it holds the lease', () => {
    expect(judge(aGeneration(), anEvent(), true)).toBe('heard');
    expect(judge(accepted, anEvent({ type: 'progress', seq: 5 }), true)).toBe('heard');
  });

  it.each([
    ['another lease token', accepted, anEvent({ lease_token: 'x'.repeat(32), seq: 5 }), true],
    ['another worker', accepted, anEvent({ worker_id: 'worker-2', seq: 5 }), true],
    ['an attempt that has a successor', accepted, anEvent({ seq: 5 }), false],
    [
      'a worker that lost the race to the end',
      aGeneration({ status: 'failed', workerId: 'worker-2' }),
      anEvent(),
      true,
    ],
  ])('is stale from %s', (_, generation, event, isNewest) => {
    expect(judge(generation, event, isNewest)).toBe('stale');
  });

  it('counts once: an older number and anything after the end are repetitions', () => {
    expect(judge(accepted, anEvent({ type: 'progress', seq: 4 }), true)).toBe('repeated');
    expect(judge({ ...accepted, status: 'succeeded' }, anEvent({ type: 'failed', seq: 9 }), true)).toBe('repeated');
  });

  it('gives the attempt to the first that accepts and moves it on', () => {
    const first = hear(aGeneration(), anEvent({ seq: 0 }), now);
    expect(first).toMatchObject({ status: 'accepted', workerId: 'worker-1', lastSeq: 0 });
    const next = hear(first, anEvent({ type: 'progress', seq: 3, stage: 'inflate' }), now);
    expect(next).toMatchObject({ status: 'accepted', lastSeq: 3, stage: 'inflate' });
    expect(hear(next, anEvent({ type: 'canceled', seq: 4 }), now)).toMatchObject({
      status: 'canceled',
      stage: 'inflate',
    });
  });

  it('is of no use to a worker while another one has the attempt', () => {
    expect(isHeldByAnother(accepted, 'worker-2')).toBe(true);
    expect(isHeldByAnother(aGeneration(), 'worker-2')).toBe(true); // nobody has it, and this one came without its token
    expect(isHeldByAnother(accepted, 'worker-1')).toBe(false);
    expect(isHeldByAnother({ ...accepted, status: 'failed' }, 'worker-2')).toBe(false);
  });

  it('says how far it is in whole percents, and what it does not repeat still holds', () => {
    const far = hear(accepted, anEvent({ type: 'progress', seq: 5, percent: 40.7 }), now);
    expect(hear(far, anEvent({ type: 'succeeded', seq: 6 }), now).percent).toBe(40);
    expect(hear(far, anEvent({ type: 'progress', seq: 6, percent: 30 }), now).percent).toBe(40);
  });

  it('knows when it last moved, and since when it is in its stage', () => {
    const later = new Date(now.getTime() + 1000);
    const begun = hear(aGeneration(), anEvent({ stage: 'shape' }), now);
    expect(begun).toMatchObject({ heardAt: now, progressedAt: now, stageSince: now });
    const still = hear(begun, anEvent({ type: 'progress', seq: 1, percent: 0, stage: 'shape' }), later);
    expect(still).toMatchObject({ heardAt: later, progressedAt: now, stageSince: now });
    const moved = hear(begun, anEvent({ type: 'progress', seq: 1, percent: 5 }), later);
    expect(moved).toMatchObject({ progressedAt: later, stageSince: now });
    const painted = hear(begun, anEvent({ type: 'progress', seq: 1, percent: 0, stage: 'texture' }), later);
    expect(painted).toMatchObject({ progressedAt: later, stageSince: later });
  });
});
