import { aCatalogueModel, aGeneration, now } from '../../test/a-generation.js';
import { mayBeOverdue, overdueOf } from './overdue.js';

const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const model = aCatalogueModel({
  stallSeconds: 60,
  stages: [
    { name: 'shape', deadlineSeconds: 100, weight: 1 },
    { name: 'texture', deadlineSeconds: null, weight: 1 },
  ],
});
const going = aGeneration({
  status: 'accepted',
  workerId: 'worker-1',
  stage: 'shape',
  stageSince: ago(90),
  progressedAt: ago(50),
});

describe('an attempt that a worker is at', () => {
  it('is not overdue while it gets on', () => {
    expect(overdueOf(going, model, now)).toBeNull();
  });

  it('is stalled when neither its percent nor its stage has changed for too long', () => {
    expect(overdueOf({ ...going, progressedAt: ago(61) }, model, now)).toBe('worker_stalled');
    expect(overdueOf({ ...going, progressedAt: ago(61) }, { ...model, stallSeconds: null }, now)).toBeNull();
  });

  it('is looked at only where its model has a limit', () => {
    const [timed, untimed] = model.stages.map((stage) => [stage]);
    expect(mayBeOverdue({ ...model, stages: [] })).toBe(true);
    expect(mayBeOverdue({ ...model, stallSeconds: null })).toBe(true);
    expect(mayBeOverdue({ ...model, stallSeconds: null, stages: timed! })).toBe(true);
    expect(mayBeOverdue({ ...model, stallSeconds: null, stages: untimed! })).toBe(false);
    expect(mayBeOverdue({ ...model, stallSeconds: null, stages: [] })).toBe(false);
  });

  it('has run out of time when its stage takes longer than it may, though it gets on', () => {
    expect(overdueOf({ ...going, stageSince: ago(101) }, model, now)).toBe('worker_timeout');
    expect(overdueOf({ ...going, stage: 'texture', stageSince: ago(500) }, model, now)).toBeNull();
    expect(overdueOf({ ...going, stage: 'something else', stageSince: ago(500) }, model, now)).toBeNull();
  });

  it.each([
    ['canceled', { cancelReason: 'user' as const }],
    ['over', { status: 'failed' as const }],
    ['not begun', { status: 'dispatched' as const }],
    [
      'with a finisher',
      {
        finishing: {
          outputs: [],
          params: {},
          deadlineAt: '',
          leaseSeconds: 30,
          raw: { bytes: 1, sha256: '' },
          rounds: 1,
          sentAt: null,
        },
      },
    ],
  ])('is left alone when it is %s', (_, about) => {
    expect(overdueOf({ ...going, progressedAt: ago(1000), stageSince: ago(1000), ...about }, model, now)).toBeNull();
  });
});
