import { fieldsOf, listOf, parsedJson, textOf } from '../../../json.js';

/** The fanout exchange by which every worker is told and asked things (kombu's `pidbox`). */
export const controlExchange = 'celery.pidbox';

/** A command for every worker on a broker. */
export interface Command {
  method: 'revoke' | 'active_queues' | 'stats' | 'query_task';
  arguments: Record<string, unknown>;
}

/** How workers are to answer: into a queue, by its name, since the default exchange leads to every queue. */
export interface ReplyTo {
  ticket: string;
  queue: string;
}

/** The body of a command. */
export const commandBody = (command: Command, reply?: ReplyTo): string =>
  JSON.stringify({
    ...command,
    destination: null,
    pattern: null,
    matcher: null,
    ...(reply ? { ticket: reply.ticket, reply_to: { exchange: '', routing_key: reply.queue } } : {}),
  });

/** A worker's clock is set by it, if that is later: never. */
export const commandHeaders = { clock: 1 };

/** Stops a task wherever it runs, and wherever it has not begun yet; with SIGTERM to the process of the pool that is at it. */
export const revoke = (taskId: string): Command => ({
  method: 'revoke',
  arguments: { task_id: taskId, terminate: true, signal: 'SIGTERM' },
});

/** What workers have answered, by their names. */
export type Answers = Map<string, unknown>;

/** The answer of one worker, or of a worker that failed to give one: that is left out. */
export const parseAnswer = (body: string): [node: string, answer: unknown][] =>
  Object.entries(fieldsOf(parsedJson(body))).filter(([, answer]) => !('error' in fieldsOf(answer)));

/** The names of the queues that a worker reads (`active_queues`). */
export const queuesIn = (answer: unknown): string[] =>
  listOf(answer).flatMap((queue) => textOf(fieldsOf(queue).name) ?? []);

/** How many tasks a worker does at once (`stats`). */
export function concurrencyIn(answer: unknown): number {
  const most = fieldsOf(fieldsOf(answer).pool)['max-concurrency'];
  return Number.isInteger(most) && (most as number) > 0 ? Math.min(most as number, 10_000) : 1;
}

/** The ids of the tasks that a worker is at (`query_task`), of those it was asked for. */
export const activeIn = (answer: unknown): string[] =>
  Object.entries(fieldsOf(answer)).flatMap(([id, state]) => (listOf(state)[0] === 'active' ? [id] : []));
