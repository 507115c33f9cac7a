import fc from 'fast-check';
import { seeded } from '../../test/seeded.js';
import { arrivalsOf } from './arrivals.js';
import { forecast, outlookOfRunning, type QueueState } from './estimate.js';

const nobody = { perMs: 0, accounts: [], freeRounds: [] };
const always = (ms: number): Float64Array => new Float64Array(40).fill(ms);
const aQueue = (about: Partial<QueueState> = {}): QueueState => ({
  history: always(1000),
  slots: 1,
  running: [],
  waiting: [],
  arrivals: nobody,
  ...about,
});
const rounds = (length: number): number[] => Array.from({ length }, (_, round) => round);

describe('the expected times of a queue', () => {
  it('begin at once where a slot is free', () => {
    expect(forecast(aQueue(), seeded(1))(0)).toEqual({ startP50: 0, finishP50: 1000, finishP90: 1000 });
  });

  it('count those in front, and share them among the slots', () => {
    const at = forecast(aQueue({ slots: 2, running: [400, 900], waiting: rounds(4) }), seeded(1));
    expect([0, 1, 2, 3].map((place) => at(place).startP50)).toEqual([100, 600, 1100, 1600]);
  });

  it('wait for the tasks of a worker that is gone as long as they are counted', () => {
    expect(forecast(aQueue({ slots: 1, running: [100, 500, 900] }), seeded(1))(0).startP50).toBe(900);
  });

  it('count what others will bring before an account comes to its later rounds', () => {
    const arrivals = arrivalsOf([{ tasks: 200, sinceMs: 200_000, freeRound: 0 }], { history: always(1000), slots: 1 });
    const waiting = rounds(10);
    const alone = forecast(aQueue({ waiting }), seeded(1))(9).startP50;
    const contended = forecast(aQueue({ waiting, arrivals }), seeded(1))(9).startP50;
    expect(alone).toBe(9000);
    expect(contended).toBeGreaterThan(13_000);
    expect(contended).toBeLessThanOrEqual(18_000);
    expect(forecast(aQueue({ waiting, arrivals }), seeded(1))(0).startP50).toBe(0);
  });

  it('do not take a rush of a moment for the pace of the hours to come', () => {
    const rush = arrivalsOf([{ tasks: 200, sinceMs: 10, freeRound: 0 }], { history: always(1000), slots: 4 });
    expect(rush.perMs).toBeCloseTo(4 / 1000);
    expect(arrivalsOf([], { history: always(1000), slots: 4 }).perMs).toBe(0);
  });

  it('go on as straight as they were beyond the places that are played', () => {
    const at = forecast(aQueue({ waiting: rounds(500) }), seeded(1));
    expect(at(499).startP50).toBeGreaterThan(400_000);
    expect(at(499).startP50).toBeLessThan(600_000);
    expect(at(9_999).finishP90).toBeGreaterThan(at(499).finishP90);
  });

  it('stay cheap however long the queue is', () => {
    const random = seeded(3);
    const history = Float64Array.from({ length: 200 }, () => 60_000 * random()).toSorted();
    const many = Array.from({ length: 200 }, () => ({ tasks: 1, sinceMs: 600_000, freeRound: 0 }));
    const queue = aQueue({
      history,
      slots: 4,
      waiting: rounds(10_000),
      arrivals: arrivalsOf(many, { history, slots: 4 }),
    });
    const drawnFor = (about: Partial<QueueState>): number => {
      let drawn = 0;
      forecast({ ...queue, ...about }, () => {
        drawn++;
        return random();
      });
      return drawn;
    };
    expect(drawnFor({})).toBeLessThan(200_000);
    const stuck = Array.from({ length: 4 }, () => 30 * 86_400_000);
    expect(drawnFor({ running: stuck, waiting: [0] })).toBeLessThan(1_000_000);
  });

  it('are in order, and never in the past, whatever there is', () => {
    const aDuration = fc.double({ min: 1, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(aDuration, { minLength: 20, maxLength: 200 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 12 }),
        fc.nat(20),
        fc.integer(),
        (took, slots, running, length, seed) => {
          const history = Float64Array.from(took).toSorted();
          const bringers = [{ tasks: 20, sinceMs: 1e6, freeRound: 1 }];
          const state = {
            history,
            slots,
            running,
            waiting: rounds(length),
            arrivals: arrivalsOf(bringers, { history, slots }),
          };
          const at = forecast(state, seeded(seed));
          for (let place = 0; place <= length; place++) {
            const { startP50, finishP50, finishP90 } = at(place);
            expect(startP50).toBeGreaterThanOrEqual(place === 0 ? 0 : at(place - 1).startP50);
            expect(finishP50).toBeGreaterThan(startP50);
            expect(finishP90).toBeGreaterThanOrEqual(finishP50);
          }
          for (const elapsed of running) {
            const { finishP50, finishP90 } = outlookOfRunning(history, elapsed);
            expect(finishP50).toBeGreaterThan(0);
            expect(finishP90).toBeGreaterThanOrEqual(finishP50);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the expected end of a task that runs', () => {
  const history = Float64Array.from({ length: 100 }, (_, index) => 1000 * (index + 1));

  it('is that of the tasks which had not finished by then either', () => {
    expect(outlookOfRunning(history, 0)).toEqual({ finishP50: 51_000, finishP90: 91_000 });
    expect(outlookOfRunning(history, 80_000)).toEqual({ finishP50: 11_000, finishP90: 19_000 });
  });

  it('moves away in proportion when a task outlasts nearly all the others', () => {
    const { finishP50, finishP90 } = outlookOfRunning(history, 200_000);
    expect(finishP50).toBeGreaterThan(5000);
    expect(finishP90).toBeGreaterThan(finishP50);
    expect(finishP90).toBeLessThan(40_000);
  });
});
