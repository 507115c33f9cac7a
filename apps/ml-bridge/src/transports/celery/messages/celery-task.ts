import type { Attempt } from '#contracts';
import type { Job } from '#worker-contract';
import type { CelerySettings } from '../../../catalogue/catalogue-model.js';
import { isRecord, listOf, parsedJson } from '../../../json.js';

/** Where workers send their results, whatever the broker: one queue for all models, read by every replica of the bridge. */
export const resultsQueue = 'lathe.results';

/** A task message of Celery's protocol 2, as a broker is to carry it. */
export interface TaskMessage {
  id: string;
  queue: string;
  replyTo: string;
  headers: TaskHeaders;
  /** JSON, of `utf-8`. */
  body: string;
  /** How long somebody may have a use for it. */
  lifetimeMs: number;
}

interface TaskHeaders {
  lang: 'py';
  task: string;
  id: string;
  root_id: string;
  parent_id: null;
  group: null;
  shadow: null;
  /** ISO 8601; a worker that takes the message later answers REVOKED and does nothing. */
  expires: string;
  eta: null;
  retries: 0;
  /** In seconds, the hard one first. */
  timelimit: [number, number];
  argsrepr: string;
  kwargsrepr: string;
  origin: string;
  ignore_result: false;
}

/** Celery's id of an attempt: its results, and a revoke, name it by nothing else. */
export const taskIdOf = ({ task_id, attempt }: Attempt): string => `${task_id}.${attempt}`;

const taskId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,8})$/;

/** The attempt that an id is of; null of what is not a task of ours. */
export function attemptOf(id: string): Attempt | null {
  const [, task_id, attempt] = taskId.exec(id) ?? [];
  return task_id && attempt ? { task_id, attempt: Number(attempt) } : null;
}

/**
 * The call `task(job=…)`. Nothing of the job is in the headers that workers log: its addresses are signed. No `eta` and no retries of
 * Celery's own: an attempt is repeated by the task service.
 */
export function taskMessage({ queue, task }: CelerySettings, job: Job, lifetimeMs: number, now: Date): TaskMessage {
  const id = taskIdOf(job);
  return {
    id,
    queue,
    replyTo: resultsQueue,
    headers: {
      lang: 'py',
      task,
      id,
      root_id: id,
      parent_id: null,
      group: null,
      shadow: null,
      expires: new Date(now.getTime() + lifetimeMs).toISOString(),
      eta: null,
      retries: 0,
      timelimit: timeLimits(job.budget_ms),
      argsrepr: '()',
      kwargsrepr: `{'job': '${id}'}`,
      origin: 'lathe',
      ignore_result: false,
    },
    body: JSON.stringify([[], { job }, { callbacks: null, errbacks: null, chain: null, chord: null }]),
    lifetimeMs,
  };
}

/** The process is killed when the budget is over, and asked to end a tenth of it before, ten seconds at most. */
function timeLimits(budgetMs: number): [number, number] {
  const hard = Math.max(2, Math.ceil(budgetMs / 1000));
  return [hard, hard - Math.min(10, Math.ceil(hard / 10))];
}

/** A message that waits in a worker's queue, whoever wrote it. */
export interface WaitingMessage {
  contentType: unknown;
  headers: unknown;
  body: string;
}

/**
 * Whether a worker of Celery could die of a message: it says that it is a task of protocol 2 and is not. Celery takes the body apart
 * without looking, and the message, never acknowledged, kills the next worker too. Other formats are not ours to judge.
 */
export function isPoison({ contentType, headers, body }: WaitingMessage): boolean {
  if (contentType !== 'application/json' || !isRecord(headers) || !('task' in headers)) return false;
  return typeof headers.task !== 'string' || typeof headers.id !== 'string' || !isCall(body);
}

function isCall(body: string): boolean {
  const call = listOf(parsedJson(body));
  const [args, kwargs, embed] = call;
  return call.length === 3 && Array.isArray(args) && isRecord(kwargs) && (embed === null || isRecord(embed));
}
