import { roundOf, turnFor } from '../src/queue/turn.js';

/** A task of a trace: when it comes, whose it is, and what it takes, in milliseconds. */
export interface TracedTask {
  arrivesAt: number;
  owner: number;
  tookMs: number;
  turn: number;
  startedAt: number | null;
  finishedAt: number;
}

/** The queue of one model on a simulated clock, with the real rule of turns: what a deployment would have seen of a trace. */
export class ReplayedQueue {
  now = 0;
  clock = 0;
  readonly took: number[] = [];
  readonly arrived: TracedTask[] = [];
  waiting: TracedTask[] = [];
  running: TracedTask[] = [];
  private readonly shares = new Map<number, number>();

  constructor(readonly slots: number) {}

  /** Lets everything happen that happens until a task comes, and takes it in. */
  take(task: TracedTask): void {
    this.passUntil(task.arrivesAt);
    this.arrived.push(task);
    const { clock, arrived } = this;
    const rounds = this.waiting.filter(({ owner }) => owner === task.owner).map(({ turn }) => roundOf(turn));
    task.turn = turnFor({
      clock,
      share: this.shares.get(task.owner) ?? 0,
      lastRound: rounds.length > 0 ? Math.max(...rounds) : null,
      ticket: arrived.length,
    });
    this.waiting.push(task);
    this.start();
  }

  passUntil(time: number): void {
    for (;;) {
      const [first] = this.running.toSorted((a, b) => a.finishedAt - b.finishedAt);
      if (!first || first.finishedAt > time) break;
      this.now = first.finishedAt;
      this.running = this.running.filter((task) => task !== first);
      this.took.push(first.tookMs);
      this.start();
    }
    this.now = time;
  }

  /** The first round in which an account has no task and has had none. */
  freeRoundOf(owner: number): number {
    const rounds = this.waiting.filter((task) => task.owner === owner).map(({ turn }) => roundOf(turn) + 1);
    return Math.max(this.shares.get(owner) ?? 0, ...rounds);
  }

  private start(): void {
    while (this.running.length < this.slots && this.waiting.length > 0) {
      this.waiting = this.waiting.toSorted((a, b) => a.turn - b.turn);
      const next = this.waiting.shift()!;
      this.clock = Math.max(this.clock, roundOf(next.turn));
      this.shares.set(next.owner, roundOf(next.turn) + 1);
      this.running.push(Object.assign(next, { startedAt: this.now, finishedAt: this.now + next.tookMs }));
    }
  }
}
