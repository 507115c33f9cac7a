import fc from 'fast-check';
import { aRunningTask, aTask, now } from '../../test/a-task.js';
import { allows, apply, isCurrent, isFinal, type Task, type TaskAction } from './task.js';

const maxFailures = 3;
const leaseMs = 30_000;
const confirmMs = 15_000;
const sweepMs = 1000;
const deadlineMs = 300_000;
const fallbacks = ['fast', 'large'].map((model) => ({ model, params: { seed: 1 }, paramsIgnored: [model] }));
const models = ['fast', 'large', 'reference'];

/** One task with everything that can happen to it, on a clock of its own. The real rules decide; this world only says when they are asked. */
class World {
  private clock = now.getTime();

  constructor(readonly path = [aTask({ deadlineAt: new Date(now.getTime() + deadlineMs), fallbacks })]) {}

  get task(): Task {
    return this.path.at(-1)!;
  }

  get time(): Date {
    return new Date(this.clock);
  }

  /** What a locked task is asked by a service, which looks at the table before it asks. */
  ask(action: TaskAction): void {
    if (allows(this.task, action.type)) this.path.push(apply(this.task, action, this.time));
  }

  /** A word of the worker of an attempt, so many before the newest one. */
  report(behind: number, action: TaskAction): void {
    if (isCurrent(this.task, this.task.attempt - behind)) this.ask(action);
  }

  handOut(): void {
    const waits = this.task.leaseUntil === null && this.task.runAfter.getTime() <= this.clock;
    if (waits && this.task.deadlineAt.getTime() > this.clock) this.ask({ type: 'dispatch', leaseToken: 'x', leaseMs });
  }

  /** Its model is not there while another one is. */
  strand(model: string): void {
    if (this.task.leaseUntil === null) this.ask({ type: 'switch', model });
  }

  /** Time passes as the dispatcher sees it: every second it looks for what is overdue. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.clock += sweepMs;
      this.sweep();
    }
  }

  private sweep(): void {
    const { leaseUntil, deadlineAt, status, cancelRequestedAt } = this.task;
    if (leaseUntil && leaseUntil.getTime() < this.clock) this.ask({ type: 'loseLease', maxFailures });
    if (deadlineAt.getTime() < this.clock) this.ask({ type: 'expire' });
    const unconfirmed = status === 'canceling' && cancelRequestedAt!.getTime() < this.clock - confirmMs;
    if (unconfirmed) this.ask({ type: 'confirmCancel' });
    this.handOut();
  }

  /** When the task must have ended, whatever the workers do. */
  get limit(): number {
    const canceled = this.task.cancelRequestedAt?.getTime() ?? 0;
    return Math.max(this.task.deadlineAt.getTime(), canceled + confirmMs) + leaseMs + sweepMs;
  }
}

/** What may be said of a task's past without knowing its rules. */
interface Seen {
  ended: Task | null;
  progress: number;
  attempt: number;
}

class Step implements fc.Command<Seen, World> {
  constructor(
    private readonly name: string,
    private readonly step: (world: World) => void,
  ) {}

  check = (): boolean => true;

  run(seen: Seen, world: World): void {
    const from = world.path.length;
    this.step(world);
    for (const task of world.path.slice(from)) notice(seen, task);
    if (seen.ended) expect(world.task).toBe(seen.ended);
  }

  toString = (): string => this.name;
}

/** Compares a task with what was seen before it, and remembers it. */
function notice(seen: Seen, task: Task): void {
  const broken = Object.entries({
    'a final state is left': seen.ended === null,
    'progress falls': task.progress >= seen.progress,
    'the attempt number falls': task.attempt >= seen.attempt,
    'the attempt number skips': task.attempt <= seen.attempt + 1,
    'the budget is overdrawn': task.failures <= maxFailures,
    'an end has no time': !isFinal(task.status) || task.completedAt !== null,
    'what has not ended has a time of its end': isFinal(task.status) || task.completedAt === null,
    'an end keeps a lease': !isFinal(task.status) || (task.leaseUntil === null && task.leaseToken === null),
    'a candidate is lost':
      [task, ...task.fallbacks]
        .map(({ model }) => model)
        .toSorted()
        .join() === models.join(),
    'the parameters are those of another model':
      task.paramsIgnored.join() === (task.model === 'reference' ? '' : task.model),
    'a lease has no token': (task.leaseUntil === null) === (task.leaseToken === null),
    'a failure has no reason': task.status !== 'failed' || task.error !== null,
    'a task runs that was never begun': task.status !== 'running' || task.startedAt !== null,
    'nobody can end a canceling task': task.status !== 'canceling' || task.leaseUntil !== null,
  }).flatMap(([promise, holds]) => (holds ? [] : [promise]));
  expect(broken).toEqual([]);
  Object.assign(seen, { progress: task.progress, attempt: task.attempt, ended: isFinal(task.status) ? task : null });
}

const accept: TaskAction = { type: 'accept', leaseMs };
const succeed: TaskAction = { type: 'succeed', artifacts: [], qualityReport: null };
const fail = (code: string, retryable: boolean) => ({
  type: 'fail' as const,
  error: { code, message: 'it broke', retryable, stage: null },
  maxFailures,
});

const aFallback = fc.constantFrom({}, ...models.map((fallback) => ({ fallback })));

const aReport: fc.Arbitrary<TaskAction> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(accept) },
  { weight: 1, arbitrary: fc.constant(succeed) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        percent: fc.double({ min: 0, max: 100, noNaN: true }),
        stage: fc.constantFrom('inflate', 'texture', null),
      })
      .map((progress): TaskAction => ({ type: 'advance', ...progress, leaseMs })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        code: fc.constantFrom('internal', 'shutdown', 'deadline_exceeded', 'unsupported'),
        retryable: fc.boolean(),
        fallback: aFallback,
      })
      .map(({ code, retryable, fallback }) => ({ ...fail(code, retryable), ...fallback })),
  },
);

const allSteps = [
  fc.constant(new Step('hand out', (world) => world.handOut())),
  fc.constantFrom(...models).map((model) => new Step(`no ${model}`, (world) => world.strand(model))),
  fc.constant(new Step('cancel', (world) => world.ask({ type: 'cancel' }))),
  fc.integer({ min: 1, max: 60 }).map((seconds) => new Step(`pass ${seconds} s`, (world) => world.pass(seconds))),
  ...Array.from({ length: 3 }, () =>
    fc
      .tuple(fc.constantFrom(0, 0, 0, 1, 2), aReport)
      .map(
        ([behind, action]) => new Step(`${action.type} (${behind} behind)`, (world) => world.report(behind, action)),
      ),
  ),
  fc.tuple(fc.constantFrom(0, 1), aFallback).map(
    ([behind, fallback]) =>
      new Step(`stopped (${behind} behind)`, (world) => {
        const isCanceling = world.task.status === 'canceling';
        world.report(behind, isCanceling ? { type: 'confirmCancel' } : { type: 'loseLease', maxFailures, ...fallback });
      }),
  ),
];

describe('a task, on any path', () => {
  it('keeps its promises, and ends within its deadline, a lease and a sweep when everybody falls silent', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(fc.commands(allSteps, { maxCommands: 30, size: 'max' }), (steps) => {
        const world = new World();
        fc.modelRun(() => ({ model: { ended: null, progress: 0, attempt: 0 }, real: world }), steps);
        const { limit } = world;
        while (!isFinal(world.task.status) && world.time.getTime() <= limit) world.pass(1);
        expect(isFinal(world.task.status)).toBe(true);
        ends.set(world.task.status, (ends.get(world.task.status) ?? 0) + 1);
      }),
      { numRuns: 10_000 },
    );
    expect([...ends.keys()].toSorted()).toEqual(['canceled', 'expired', 'failed', 'succeeded']);
  }, 120_000);

  it('has one winner when it is canceled and completed at once, in any order', () => {
    const wanted: TaskAction[] = [{ type: 'cancel' }, { type: 'confirmCancel' }, succeed];
    fc.assert(
      fc.property(fc.shuffledSubarray(wanted, { minLength: 3 }), (actions) => {
        const world = new World([aRunningTask()]);
        for (const action of actions) world.report(0, action);
        const ends = world.path.filter(({ status }) => isFinal(status));
        expect(ends).toHaveLength(1);
        const isConfirmed = actions.map(({ type }) => type).join() === 'cancel,confirmCancel,succeed';
        expect(ends[0]!.status).toBe(isConfirmed ? 'canceled' : 'succeeded');
      }),
    );
  });
});
