import { type CreateTask, type FieldError, type ModelOffer, Problem } from '#contracts';
import { candidateOf } from '../failover/candidates.js';
import type { Task } from '../tasks/task.js';
import { isReady, type Model, seedFor } from './model.js';
import { checkInputs, newTask } from './task-request.js';

/** A model with the number of its tasks that nobody has begun. */
export interface Choosable {
  model: Model;
  waiting: number;
}

/** The moment a task is made at, and numbers in [0, 1). */
export interface Circumstances {
  now: Date;
  random: () => number;
}

const mostCandidates = 5;
const mostReasons = 20;

/** The models that may be chosen for a request that leaves it to us, the best first. */
export function inOrderOfChoice(listed: readonly Choosable[], now: Date): ModelOffer[] {
  const weightOf = ({ model }: Choosable): number => model.offer.weight ?? 1;
  const loadOf = ({ model, waiting }: Choosable): number => waiting / Math.max(1, model.slots);
  const priceOf = ({ model }: Choosable): number => model.offer.price ?? 0;
  const rank = (one: Choosable): number[] => [
    isReady(one.model, now) ? 0 : 1,
    -weightOf(one),
    loadOf(one),
    priceOf(one),
  ];
  return listed
    .filter((one) => weightOf(one) > 0)
    .toSorted((one, other) => compare(rank(one), rank(other)))
    .map(({ model }) => model.offer);
}

function compare(one: number[], other: number[]): number {
  const index = one.findIndex((value, place) => value !== other[place]);
  return index === -1 ? 0 : one[index]! - other[index]!;
}

/** The task of the first of these models that can do everything asked for; the others that can may take it over. */
export function choose(request: CreateTask, offers: readonly ModelOffer[], { now, random }: Circumstances): Task {
  const seed = seedFor(offers, random);
  const refusals: { id: string; problem: Problem }[] = [];
  const tasks = offers.flatMap((offer) => {
    const made = attempt(() => taskOn(request, offer, now, seed));
    if (!(made instanceof Problem)) return made;
    refusals.push({ id: offer.id, problem: made });
    return [];
  });
  const [first, ...others] = tasks.slice(0, mostCandidates);
  if (!first) throw nobodyCan(refusals);
  return withFallbacks(first, others);
}

/** The task of the first of these models, which the others may take over. Throws when one of them cannot do everything asked for. */
export function takeTurns(request: CreateTask, offers: readonly ModelOffer[], { now, random }: Circumstances): Task {
  const seed = seedFor(offers, random);
  const [first, ...others] = offers.map((offer, index) => {
    const made = attempt(() => taskOn(request, offer, now, seed));
    if (!(made instanceof Problem)) return made;
    throw index === 0 ? made : refusedFallback(index - 1, offer.id, made);
  });
  return withFallbacks(first!, others);
}

function taskOn(request: CreateTask, offer: ModelOffer, now: Date, seed: number): Task {
  checkInputs(request, offer);
  return newTask(request, offer, now, seed);
}

const withFallbacks = (task: Task, others: Task[]): Task => ({
  ...task,
  fallbacks: others.map(candidateOf),
});

function attempt(make: () => Task): Task | Problem {
  try {
    return make();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const reasonsOf = ({ message, details }: Problem): FieldError[] => details.errors ?? [{ pointer: '', message }];

/** Why it cannot, said of the place where the fallback is named. */
function refusedFallback(index: number, id: string, problem: Problem): Problem {
  const errors = reasonsOf(problem).map(({ pointer, message }) => ({
    pointer: `/fallback_models/${index}`,
    message: pointer ? `${pointer}: ${message}` : message,
  }));
  return new Problem(problem.code, `The model ${id} cannot take this task over`, { errors });
}

/** What all models refuse for one reason is refused for it. */
function nobodyCan(refusals: { id: string; problem: Problem }[]): Problem {
  const codes = new Set(refusals.map(({ problem }) => problem.code));
  const [code = 'model_not_found'] = codes.size === 1 ? codes : [];
  const detail =
    refusals.length === 0 ? 'There is no model to choose from' : 'No model can do everything that is asked for';
  const errors = refusals.flatMap(({ id, problem }) =>
    reasonsOf(problem).map(({ pointer, message }) => ({ pointer, message: `${id}: ${message}` })),
  );
  return new Problem(code, detail, errors.length > 0 ? { errors: errors.slice(0, mostReasons) } : {});
}
