/** What is known of a model when somebody asks how long it will take. Times are milliseconds, rounds count from the one being handed out. */
export interface QueueState {
  /** What its newest tasks took, ascending. */
  history: Float64Array;
  slots: number;
  /** How long each task that runs has run. */
  running: number[];
  /** The rounds of the tasks that wait, in the order of their turns. */
  waiting: number[];
  arrivals: Arrivals;
}

/** Who has been bringing tasks: in a fair queue others come before an account's second task that are not there yet. */
export interface Arrivals {
  perMs: number;
  /** The account of each of the newest tasks. */
  accounts: number[];
  /** The first round in which each of these accounts has no task and has had none. */
  freeRounds: number[];
}

/** An account that has brought some of the newest tasks, the first of them so many milliseconds ago. */
export interface Bringer {
  tasks: number;
  sinceMs: number;
  freeRound: number;
}

/**
 * What is to come, as the newest tasks came; in the long run no more than the slots can do, for a rush that has only begun says nothing
 * about the hours after it.
 */
export function arrivalsOf(bringers: Bringer[], { history, slots }: Pick<QueueState, 'history' | 'slots'>): Arrivals {
  const tasks = bringers.reduce((sum, bringer) => sum + bringer.tasks, 0);
  const sinceMs = Math.max(0, ...bringers.map((bringer) => bringer.sinceMs));
  const meanMs = history.reduce((sum, took) => sum + took, 0) / history.length;
  return {
    perMs: tasks === 0 ? 0 : tasks / Math.max(1, sinceMs, (tasks * meanMs) / slots),
    accounts: bringers.flatMap((bringer, account) => Array.from({ length: bringer.tasks }, () => account)),
    freeRounds: bringers.map(({ freeRound }) => freeRound),
  };
}

/** Milliseconds from now. */
export interface Outlook {
  startP50: number;
  finishP50: number;
  finishP90: number;
}

/** Below so many finished tasks nothing is said. */
export const leastHistory = 20;

/** How many turns of the queue are played: enough for the ninth of ten of a short one, and bounded for a long one. */
const playsFor = (places: number): number => Math.max(80, Math.min(400, Math.floor(20_000 / places)));
/** Beyond this place, and this round, the line goes on as straight as it was. */
export const farthest = 128;
const farthestRound = 512;

/** The value that a share of the samples stays below. Of few samples the next larger one: nine of ten finish before it. */
function quantile(ascending: Float64Array, share: number): number {
  const index = Math.ceil((ascending.length + 1) * share) - 1;
  return ascending[Math.min(ascending.length - 1, index)]!;
}

/** How many of the samples are at most `value`. */
function countUpTo(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What a task that has run for `elapsed` still takes: what those took that had not finished by then either. One that outlasts nearly
 * all of them goes on as the longest tenth did beyond the rest, in proportion.
 */
function remaining(history: Float64Array, elapsed: number): Float64Array {
  const outlasted = countUpTo(history, elapsed);
  const tenth = Math.max(2, Math.floor(history.length / 10));
  if (history.length - outlasted >= tenth) return history.subarray(outlasted).map((took) => took - elapsed);
  const longest = history.subarray(history.length - tenth);
  const scale = Math.max(elapsed, longest[0]!);
  return longest.map((took) => Math.max(1, scale * (took / longest[0]!) - elapsed));
}

/** When a task that runs will finish. */
export function outlookOfRunning(history: Float64Array, elapsed: number): Pick<Outlook, 'finishP50' | 'finishP90'> {
  const left = remaining(history, elapsed);
  return { finishP50: quantile(left, 0.5), finishP90: quantile(left, 0.9) };
}

/** When the task at each place of a queue will start and finish. */
export type Forecast = (position: number) => Outlook;

/**
 * Plays the queue through many times, each time with durations drawn from the history and arrivals like the newest ones: whatever runs
 * finishes, and where a slot becomes free the lowest turn starts. `random` gives numbers in [0, 1).
 */
export function forecast(state: QueueState, random: () => number): Forecast {
  const waiting = [...state.waiting, state.waiting.at(-1) ?? 0].slice(0, farthest);
  const plays = playsFor(waiting.length);
  const samples = waiting.map(() => ({ starts: new Float64Array(plays), finishes: new Float64Array(plays) }));
  const left = state.running.map((elapsed) => remaining(state.history, elapsed));
  const draw = (from: Float64Array): number => from[Math.floor(random() * from.length)]!;
  for (let play = 0; play < plays; play++) {
    const slots = freeAt(left.map(draw), state.slots);
    const others = new Others(state.arrivals, random);
    for (const [place, round] of waiting.entries()) {
      while (others.comeBefore(round, slots[0]!)) occupy(slots, slots[0]! + draw(state.history));
      const { starts, finishes } = samples[place]!;
      starts[play] = slots[0]!;
      finishes[play] = slots[0]! + draw(state.history);
      occupy(slots, finishes[play]!);
    }
  }
  const outlooks = samples.map(({ starts, finishes }) => outlookFrom(starts.toSorted(), finishes.toSorted()));
  return (position) => outlooks[position] ?? beyond(outlooks.at(-1)!, position + 1, outlooks.length);
}

const outlookFrom = (starts: Float64Array, finishes: Float64Array): Outlook => ({
  startP50: quantile(starts, 0.5),
  finishP50: quantile(finishes, 0.5),
  finishP90: quantile(finishes, 0.9),
});

/** Tasks that will come while the queue is played. Within a round they follow those that are there. */
class Others {
  private readonly freeRounds: Int32Array;
  private readonly waiting = new Int32Array(farthestRound);
  private nextAt = 0;
  private clock = 0;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly random: () => number,
  ) {
    this.freeRounds = Int32Array.from(arrivals.freeRounds);
    this.nextAt = this.pause();
  }

  /** Takes one whose turn is before a round, of those that have come by now; false when there is none. */
  comeBefore(round: number, now: number): boolean {
    while (this.nextAt <= now) this.arrive();
    const end = Math.min(round, farthestRound);
    while (this.clock < end && this.waiting[this.clock] === 0) this.clock++;
    if (this.clock >= end) return false;
    this.waiting[this.clock]!--;
    return true;
  }

  private arrive(): void {
    const { accounts } = this.arrivals;
    const account = accounts[Math.floor(this.random() * accounts.length)]!;
    const round = Math.max(this.clock, this.freeRounds[account]!);
    this.freeRounds[account] = round + 1;
    if (round < farthestRound) this.waiting[round]!++;
    this.nextAt += this.pause();
  }

  private pause(): number {
    return this.arrivals.perMs > 0 ? -Math.log(1 - this.random()) / this.arrivals.perMs : Infinity;
  }
}

/** When each slot becomes free, ascending. More tasks than slots are what a worker left behind: as many have to finish first. */
function freeAt(finishes: number[], slots: number): number[] {
  const busy = finishes.toSorted((a, b) => a - b).slice(-slots);
  return [...Array.from({ length: slots - busy.length }, () => 0), ...busy];
}

/** The slot that was free first is taken until `finish`; the rest stays in order. */
function occupy(slots: number[], finish: number): void {
  let place = 0;
  while (place + 1 < slots.length && slots[place + 1]! < finish) {
    slots[place] = slots[place + 1]!;
    place++;
  }
  slots[place] = finish;
}

/** The middle grows with the length of the queue, the doubt about it with the square root. */
function beyond(last: Outlook, position: number, places: number): Outlook {
  const times = position / places;
  const doubt = (last.finishP90 - last.finishP50) * Math.sqrt(times);
  const [startP50, finishP50] = [last.startP50 * times, last.finishP50 + last.startP50 * (times - 1)];
  return { startP50, finishP50, finishP90: finishP50 + doubt };
}
