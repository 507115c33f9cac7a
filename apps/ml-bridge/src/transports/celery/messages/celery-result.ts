import { createHash, randomUUID } from 'node:crypto';
import { ContractViolation, parseWorkerEvent } from '#worker-contract';
import { type AttemptEvent, type AttemptFailure, failureOf } from '../../../generations/attempt-failure.js';
import type { Generation } from '../../../generations/generation.js';
import { fieldsOf, parsedJson } from '../../../json.js';
import { failureOfException } from './celery-failure.js';
import { taskIdOf } from './celery-task.js';

/** A message of Celery's `rpc://` result backend: the state of a task, what belongs to it, and where it failed. */
export interface CeleryResult {
  taskId: string;
  status: string;
  result: unknown;
  traceback: unknown;
}

/** Throws a ContractViolation for what is none. */
export function parseResult(body: string): CeleryResult {
  const value = parsedJson(body);
  if (value === undefined) throw new ContractViolation('not JSON');
  const { task_id: taskId, status, result, traceback } = fieldsOf(value);
  if (typeof taskId !== 'string' || typeof status !== 'string') {
    throw new ContractViolation('a result of Celery has a task_id and a status');
  }
  return { taskId, status, result, traceback };
}

/** States that say nothing about an attempt: it has not begun, or Celery itself begins it again. */
const silent = new Set(['PENDING', 'RECEIVED', 'RETRY']);
const final = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

/** Whether a worker is at the task, and would have to be told to stop it. */
export const goesOn = ({ status }: Pick<CeleryResult, 'status'>): boolean => !silent.has(status) && !final.has(status);

/** What a worker's message says about the attempt; null when that is nothing. */
export function eventOf(result: CeleryResult, generation: Generation, now: Date): AttemptEvent | null {
  const { status } = result;
  if (silent.has(status)) return null;
  if (status === 'STARTED') return { ...said(generation, now), type: 'accepted' };
  if (status === 'SUCCESS') return succeeded(result, generation, now);
  if (status === 'FAILURE') return failed(generation, now, failureOfException(result.result, result.traceback));
  if (status === 'REVOKED') return revoked(result, generation, now);
  return progressed(result, generation, now);
}

/** That a worker is at the attempt, as it says itself when asked: heard, without progress. */
export const heartbeatOf = (generation: Generation, now: Date): AttemptEvent =>
  generation.status === 'dispatched'
    ? { ...said(generation, now), type: 'accepted' }
    : { ...said(generation, now), type: 'progress', percent: 0 };

/**
 * The worker is the Celery task itself: only STARTED tells the process. Messages are numbered by their arrival, so that what a worker
 * reports and what it answers are in one order.
 */
function said(generation: Generation, now: Date): Omit<AttemptEvent, 'type'> {
  const { taskId: task_id, attempt, leaseToken: lease_token, createdAt, lastSeq } = generation;
  return {
    v: 1,
    event_id: randomUUID(),
    task_id,
    attempt,
    lease_token,
    worker_id: workerIdOf(generation),
    seq: Math.min(lastOfAll - 1, Math.max(lastSeq + 1, now.getTime() - createdAt.getTime())),
    at: now.toISOString(),
  };
}

/** The largest that PostgreSQL's `integer` holds: nothing comes after the end. */
const lastOfAll = 2_147_483_647;

export const workerIdOf = ({ taskId, attempt }: Pick<Generation, 'taskId' | 'attempt'>): string =>
  `celery:${taskIdOf({ task_id: taskId, attempt })}`;

/** An end may be told more than once: at a hard time limit Celery says FAILURE twice, and then PROGRESS. */
const ended = (status: string, generation: Generation, now: Date): Omit<AttemptEvent, 'type'> => ({
  ...said(generation, now),
  event_id: uuidOf(`${workerIdOf(generation)} ${status}`),
  seq: lastOfAll,
});

function succeeded({ status, result }: CeleryResult, generation: Generation, now: Date): AttemptEvent {
  const { artifacts, metrics } = fieldsOf(result);
  const event = {
    ...ended(status, generation, now),
    type: 'succeeded' as const,
    artifacts,
    ...(metrics ? { metrics } : {}),
  };
  try {
    return parseWorkerEvent(JSON.stringify(event));
  } catch (error) {
    if (!(error instanceof ContractViolation)) throw error;
    return failed(generation, now, failureOf('output_rejected', `the result of the task: ${error.message}`));
  }
}

const failed = (generation: Generation, now: Date, error: AttemptFailure): AttemptEvent => ({
  ...ended('FAILURE', generation, now),
  type: 'failed',
  error,
});

/** By us, or by somebody at the workers; or because it was taken too late, and then its lease is over anyway. */
function revoked({ status, result }: CeleryResult, generation: Generation, now: Date): AttemptEvent | null {
  const { exc_message } = fieldsOf(result);
  if (JSON.stringify(exc_message ?? '').includes('expired')) return null;
  if (generation.cancelReason) return { ...ended(status, generation, now), type: 'canceled' };
  return failed(generation, now, failureOf('shutdown', 'the task was revoked by somebody else'));
}

/** PROGRESS, or a state of the worker's own making; its meta may be ours, or `current` and `total` as in Celery's documentation. */
function progressed({ status, result }: CeleryResult, generation: Generation, now: Date): AttemptEvent {
  const meta = fieldsOf(result);
  const own = status === 'PROGRESS' ? '' : status.toLowerCase();
  const stage = (typeof meta.stage === 'string' ? meta.stage : own).slice(0, 64);
  return { ...said(generation, now), type: 'progress', percent: percentOf(meta), ...(stage ? { stage } : {}) };
}

function percentOf({ percent, current, total }: Record<string, unknown>): number {
  const share = typeof current === 'number' && typeof total === 'number' ? (100 * current) / total : Number.NaN;
  const told = typeof percent === 'number' ? percent : share;
  return Number.isFinite(told) ? Math.min(100, Math.max(0, told)) : 0;
}

/** The same for the same text (RFC 9562, version 8: of a hash). */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
