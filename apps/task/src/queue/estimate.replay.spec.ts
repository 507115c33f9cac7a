import { ReplayedQueue, type TracedTask } from '../../test/replayed-queue.js';
import { seeded } from '../../test/seeded.js';
import { arrivalsOf } from './arrivals.js';
import { forecast, leastHistory, type Outlook, outlookOfRunning } from './estimate.js';
import { roundOf } from './turn.js';

interface Trace {
  slots: number;
  /** Share of the time that the slots are busy. */
  load: number;
  accounts: number;
  tasks: number;
  seed: number;
}

/** Poisson arrivals of accounts that ask differently often, lognormal durations around a minute. */
function traceOf({ slots, load, accounts, tasks, seed }: Trace): TracedTask[] {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const meanMs = 60_000 * Math.exp(0.6 ** 2 / 2);
  let arrivesAt = 0;
  return Array.from({ length: tasks }, () => {
    arrivesAt += (-Math.log(1 - random()) * meanMs) / (load * slots);
    const tookMs = 60_000 * Math.exp(0.6 * normal());
    return { arrivesAt, owner: Math.floor(random() ** 2 * accounts), tookMs, turn: 0, startedAt: null, finishedAt: 0 };
  });
}

/** What the service would tell about a task at this moment. */
function tell(queue: ReplayedQueue, task: TracedTask, random: () => number): Outlook {
  const { now, clock, slots } = queue;
  const history = Float64Array.from(queue.took.slice(-200).toSorted((a, b) => a - b));
  if (task.startedAt !== null) return { startP50: 0, ...outlookOfRunning(history, now - task.startedAt) };
  const newest = queue.arrived.slice(-200);
  const bringers = [...new Set(newest.map(({ owner }) => owner))].map((owner) => {
    const own = newest.filter((one) => one.owner === owner);
    return {
      tasks: own.length,
      sinceMs: now - own[0]!.arrivesAt,
      freeRound: Math.max(0, queue.freeRoundOf(owner) - clock),
    };
  });
  const turns = queue.waiting.map(({ turn }) => turn).toSorted((a, b) => a - b);
  const at = forecast(
    {
      history,
      slots,
      running: queue.running.map(({ startedAt }) => now - startedAt!),
      waiting: turns.map((turn) => roundOf(turn) - clock),
      arrivals: arrivalsOf(bringers, { history, slots }),
    },
    random,
  );
  return at(turns.indexOf(task.turn));
}

/** Every task is told about when it comes, and each that is there then once more while it waits or runs. */
function replay(trace: Trace): { told: number; inTime: number; byHalf: number } {
  const queue = new ReplayedQueue(trace.slots);
  const random = seeded(trace.seed + 1);
  const told: { task: TracedTask; at: number; outlook: Outlook }[] = [];
  for (const [index, task] of traceOf(trace).entries()) {
    queue.take(task);
    if (queue.took.length < leastHistory) continue;
    const open = [...queue.waiting, ...queue.running];
    const another = open[index % open.length]!;
    for (const one of new Set([task, another]))
      told.push({ task: one, at: queue.now, outlook: tell(queue, one, random) });
  }
  queue.passUntil(Number.MAX_VALUE);
  const before = (limit: 'finishP50' | 'finishP90') =>
    told.filter(({ task, at, outlook }) => task.finishedAt <= at + outlook[limit]).length;
  return { told: told.length, inTime: before('finishP90'), byHalf: before('finishP50') };
}

describe('the expected times of a trace that is replayed', () => {
  const traces = [1, 2, 3, 4].flatMap((slots) =>
    [0.6, 0.9].map((load): Trace => ({ slots, load, accounts: 8, tasks: 300, seed: 20_261_123 + slots })),
  );
  const percent = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10;
  const sums = { told: 0, inTime: 0, byHalf: 0 };

  it.each(traces)('are kept by nine of ten with $slots slots, busy $load of the time', (trace) => {
    const { told, inTime, byHalf } = replay(trace);
    sums.told += told;
    sums.inTime += inTime;
    sums.byHalf += byHalf;
    expect(told).toBeGreaterThan(trace.tasks);
    expect(percent(inTime, told)).toBeGreaterThanOrEqual(85);
    expect(percent(inTime, told)).toBeLessThanOrEqual(95);
    expect(percent(byHalf, told)).toBeGreaterThanOrEqual(40);
    expect(percent(byHalf, told)).toBeLessThanOrEqual(60);
  });

  afterAll(() => {
    const { told, inTime, byHalf } = sums;
    process.stdout.write(
      `of ${told} expected times ${percent(inTime, told)} % ended before finish_p90, ${percent(byHalf, told)} % before finish_p50\n`,
    );
  });
});
