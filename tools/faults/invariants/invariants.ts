import type { TaskStatus } from '#contracts';
import { isFinal } from '../final-status.js';
import { poisonPrefix } from '../faults/message-faults.js';
import type { Order } from '../load/ledger.js';
import { artifactsAreThere, nothingIsLeftOver } from './files-invariants.js';
import { refusalsAreExplained } from './refusals-invariant.js';
import type { DeadLetter, Evidence, StoredEvent } from './evidence.js';

/** Says in a sentence each what is not as it must be. */
export type Invariant = (evidence: Evidence) => string[];

/** What is true however many faults there were. */
export const invariants: Record<string, Invariant> = {
  'nobody is surprised': ({ ledger }) => ledger.surprises,
  'every accepted order ends once': ({ ledger, tasks }) => {
    const status = new Map(tasks.map((task) => [task.id, task.status]));
    return ledger.accepted.flatMap((order) => [...order.taskIds].flatMap((id) => lossOf(order, id, status.get(id))));
  },
  'a key makes one task': ({ ledger, tasks }) => [
    ...ledger.orders
      .filter(({ taskIds }) => taskIds.size > 1)
      .map(({ key, taskIds }) => `key ${key} was answered with ${taskIds.size} tasks`),
    ...[...grouped(tasks, ({ key }) => key)]
      .filter(([key, made]) => key !== null && made.length > 1)
      .map(([key, made]) => `key ${key} made ${made.length} tasks`),
  ],
  'a healthy task succeeds': ({ ledger, tasks }) => {
    const wishes = new Map(ledger.orders.map(({ key, wish }) => [key, wish]));
    const allowed: Partial<Record<TaskStatus, string>> = { canceled: 'cancel', expired: 'hurry' };
    return tasks
      .filter(
        ({ status, key }) => status === 'failed' || (status in allowed && wishes.get(key ?? '') !== allowed[status]),
      )
      .map(({ id, status, error, attempt }) => `${id} ${status} in attempt ${attempt}: ${JSON.stringify(error)}`);
  },
  'the history of a task is whole': ({ tasks, events }) => {
    const histories = grouped(events, ({ taskId }) => taskId);
    return tasks.flatMap(({ id, seq, status }) => faultsOfHistory(id, histories.get(id) ?? [], { seq, status }));
  },
  'what succeeded has its artifacts': artifactsAreThere,
  'nothing is left over': nothingIsLeftOver,
  'every fact has been told': ({ outboxes }) =>
    Object.entries(outboxes).flatMap(([schema, count]) =>
      count > 0 ? [`${count} facts are in the outbox of ${schema}`] : [],
    ),
  'only poison is parked': ({ deadLetters }) =>
    deadLetters
      .filter((letter) => !letter.messageId.startsWith(poisonPrefix) && !isJobNobodyTook(letter))
      .map(({ queue, type, reason, content }) => `${queue}: ${type}, ${reason}: ${content.slice(0, 300)}`),
  'every refusal is explained': refusalsAreExplained,
  'the system comes back': ({ episodes }) =>
    episodes.filter(({ recoveredAt }) => recoveredAt === undefined).map(({ fault }) => `not from ${fault}`),
  'every slot is free': ({ tasks, slots }) => [
    ...tasks.filter(({ isHandedOut }) => isHandedOut).map(({ id, status }) => `${id}, ${status}, still holds a slot`),
    ...(slots === 2 ? [] : [`there are ${slots} slots instead of 2`]),
  ],
  'no engine works for nobody': ({ idleEngineLoad }) =>
    idleEngineLoad < 50 ? [] : [`the engines use ${idleEngineLoad} % of a core with nothing to do`],
};

export interface Violation {
  invariant: string;
  what: string;
}

export const violationsOf = (evidence: Evidence): Violation[] =>
  Object.entries(invariants).flatMap(([invariant, check]) => check(evidence).map((what) => ({ invariant, what })));

/** A job is worth nothing when its lease is over: whoever still had it in the queue then parked it, and the task was handed out again. */
const isJobNobodyTook = ({ type, reason }: DeadLetter): boolean => type === 'job' && reason === 'expired';

function lossOf(order: Order, id: string, status: TaskStatus | undefined): string[] {
  if (order.removed) return status === undefined ? [] : [`${id} was removed and is there, ${status}`];
  if (status === undefined) return [`${id} is gone`];
  if (!isFinal(status)) return [`${id} is ${status}`];
  if (order.seen !== undefined && order.seen !== status) return [`${id} was ${order.seen} and is now ${status}`];
  return order.seen === undefined ? [`${id} is ${status}, but its client never saw it end`] : [];
}

function faultsOfHistory(id: string, history: StoredEvent[], task: { seq: number; status: TaskStatus }): string[] {
  const found: string[] = [];
  for (const [index, { seq, status, progress }] of history.entries()) {
    const before = history[index - 1];
    if (seq !== index + 1) found.push(`${id} has event ${seq} in place ${index + 1}`);
    if (isFinal(before?.status)) found.push(`${id} went on to ${status} after it was ${before!.status}`);
    if (before && progress < before.progress) found.push(`${id} fell from ${before.progress} to ${progress}`);
  }
  const last = history.at(-1);
  if (last?.seq !== task.seq || last.status !== task.status) {
    found.push(`${id} is ${task.status} at ${task.seq}, its history ends ${last?.status} at ${last?.seq}`);
  }
  return found;
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
