import { type Arrivals, Others, type Pace } from './arrivals.js';

/** What is known of a model when somebody asks how long it will take. The history is ascending, times are milliseconds, rounds count from the one being handed out. */
export interface QueueState extends Pace {
  /** How long each task that runs has run. */
  running: number[];
  /** The rounds of the tasks that wait, in the order of their turns. */
  waiting: number[];
  arrivals: Arrivals;
}

/** Milliseconds from now. */
export interface Outlook {
  startP50: number;
  finishP50: number;
  finishP90: number;
}

/** Below so many finished tasks nothing is said. */
export const leastHistory = 20;

/** How many tasks are played in all, and in one play: bounded however long the queue is and whoever comes. */
const mostTurns = 30_000;
const longestPlay = 500;
/** Beyond this place the line goes on as straight as it was. */
export const farthest = 128;

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
  const left = state.running.map((elapsed) => remaining(state.history, elapsed));
  const waiting = [...state.waiting, state.waiting.at(-1) ?? 0].slice(0, farthest);
  const first = play({ ...state, waiting }, left, random);
  const places = first.places.length;
  const plays = [first];
  const times = Math.max(80, Math.min(300, Math.floor(mostTurns / first.turns)));
  while (plays.length < times) plays.push(play({ ...state, waiting: waiting.slice(0, places) }, left, random));
  const outlooks = first.places.map((_, place) => outlookAt(place, plays));
  return (position) => outlooks[position] ?? beyond(outlooks.at(-1)!, position + 1, places);
}

interface Play {
  /** Of those that waited, in their order, as far as the play came. */
  places: { start: number; finish: number }[];
  /** How many tasks were started. */
  turns: number;
}

function play(state: QueueState, left: Float64Array[], random: () => number): Play {
  const draw = (from: Float64Array): number => from[Math.floor(random() * from.length)]!;
  const slots = freeAt(left.map(draw), state.slots);
  const others = new Others(state.arrivals, random);
  const places: Play['places'] = [];
  let turns = 0;
  for (const round of state.waiting) {
    while (turns++ < longestPlay && others.comeBefore(round, slots[0]!)) occupy(slots, slots[0]! + draw(state.history));
    const start = slots[0]!;
    const finish = start + draw(state.history);
    places.push({ start, finish });
    if (turns >= longestPlay) break;
    occupy(slots, finish);
  }
  return { places, turns };
}

function outlookAt(place: number, plays: Play[]): Outlook {
  const reached = plays.filter(({ places }) => place < places.length);
  const starts = new Float64Array(reached.length);
  const finishes = new Float64Array(reached.length);
  for (const [index, { places }] of reached.entries()) {
    starts[index] = places[place]!.start;
    finishes[index] = places[place]!.finish;
  }
  const [started, finished] = [starts.toSorted(), finishes.toSorted()];
  return { startP50: quantile(started, 0.5), finishP50: quantile(finished, 0.5), finishP90: quantile(finished, 0.9) };
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
