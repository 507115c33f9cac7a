import {
  type AdoptedArtifact,
  type ModelFormat,
  Problem,
  type TaskError,
  type TaskImage,
  type TaskMesh,
  type TaskPriority,
  type TaskStatus,
} from '#contracts';
import type { Origin } from '#telemetry';
import { onModel, type WithCandidates } from '../failover/candidates.js';

/** A generation task as it is stored. Public status and hand-out are separate: a queued task may already be with a worker. */
export interface Task extends WithCandidates, Origin {
  id: string;
  ownerId: string;
  prompt: string | null;
  negativePrompt: string | null;
  images: TaskImage[];
  mesh: TaskMesh | null;
  /** The task whose model it converts. */
  sourceTaskId: string | null;
  outputFormats: ModelFormat[];
  metadata: Record<string, string>;
  /** Among its owner's tasks. */
  priority: TaskPriority;
  /** Its place in the queue of its model: the lowest turn is next. */
  turn: number;
  webhookUrl: string | null;
  status: TaskStatus;
  stage: string | null;
  progress: number;
  /** Fencing number: grows with every hand-out; whatever is said about an older one changes nothing. */
  attempt: number;
  /** Whether a worker has confirmed the current attempt. */
  accepted: boolean;
  /** Attempts that a worker began and did not bring to an end: the retry budget. */
  failures: number;
  leaseToken: string | null;
  /** Until when the worker of the current attempt must have been heard of; null while nobody has the task. */
  leaseUntil: Date | null;
  runAfter: Date;
  deadlineAt: Date;
  cancelRequestedAt: Date | null;
  error: TaskError | null;
  artifacts: AdoptedArtifact[];
  qualityReport: Record<string, unknown> | null;
  createdAt: Date;
  startedAt: Date | null;
  /** When its present model first began it: what a model's tasks take is told from this. */
  begunAt: Date | null;
  completedAt: Date | null;
  /** When its owner removed it: from then on it is there for the worker's sake alone. */
  removedAt: Date | null;
  /** How many changes its owner could see; the number of the newest event. */
  seq: number;
}

export type TaskAction =
  | { type: 'dispatch'; leaseToken: string; leaseMs: number }
  | { type: 'accept'; leaseMs: number }
  | { type: 'advance'; percent: number; stage: string | null; leaseMs: number }
  | { type: 'succeed'; artifacts: AdoptedArtifact[]; qualityReport: Record<string, unknown> | null }
  /** Where it may be tried again, the fallback does it. */
  | { type: 'fail'; error: TaskError; maxFailures: number; fallback?: string }
  | { type: 'loseLease'; maxFailures: number; fallback?: string }
  /** Another one of its candidates takes over while nobody has it. */
  | { type: 'switch'; model: string }
  | { type: 'cancel' }
  | { type: 'confirmCancel' }
  | { type: 'expire' };

/** Which actions each status allows, and where they lead. An empty row is a final status. A retry keeps the status it is in. */
export const transitions: Record<TaskStatus, Partial<Record<TaskAction['type'], TaskStatus>>> = {
  queued: {
    dispatch: 'queued',
    accept: 'running',
    advance: 'running',
    succeed: 'succeeded',
    fail: 'failed',
    loseLease: 'failed',
    switch: 'queued',
    cancel: 'canceled',
    expire: 'expired',
  },
  running: {
    dispatch: 'running',
    accept: 'running',
    advance: 'running',
    succeed: 'succeeded',
    fail: 'failed',
    loseLease: 'failed',
    switch: 'running',
    cancel: 'canceling',
    expire: 'expired',
  },
  canceling: {
    accept: 'canceling',
    advance: 'canceling',
    succeed: 'succeeded', // the result was on its way already
    fail: 'canceled',
    loseLease: 'canceled',
    confirmCancel: 'canceled',
  },
  succeeded: {},
  failed: {},
  canceled: {},
  expired: {},
};

export const isFinal = (status: TaskStatus): boolean => Object.keys(transitions[status]).length === 0;

export const allows = (task: Task, type: TaskAction['type']): boolean => transitions[task.status][type] !== undefined;

/** The only way a task changes. Returns the next task; never mutates, never reads a clock. */
export function apply(task: Task, wanted: TaskAction, now: Date): Task {
  const action = noticesDeadline(task, wanted, now) ? { type: 'expire' as const } : wanted;
  const status = transitions[task.status][action.type];
  if (!status) {
    const detail = isFinal(task.status) ? `The task is ${task.status}` : `A ${task.status} task cannot ${action.type}`;
    throw new Problem('task_already_finished', detail, { members: { task_status: task.status } });
  }
  return enter(change(task, action, status, now), now);
}

const outOfTime = new Set(['deadline_exceeded', 'task_expired']);
/** How far a worker's watch may be ahead of ours. */
const earlyMs = 5000;

/** Whoever sees first that the deadline passed, a worker or our own sweep: the task has expired. */
const noticesDeadline = (task: Task, action: TaskAction, now: Date): boolean =>
  action.type === 'fail' &&
  outOfTime.has(action.error.code) &&
  allows(task, 'expire') &&
  task.deadlineAt.getTime() - now.getTime() < earlyMs;

/** What the action itself changes, before the rules of the status it leads to. */
function change(task: Task, action: TaskAction, status: TaskStatus, now: Date): Task {
  const next: Task = { ...task, status };
  switch (action.type) {
    case 'dispatch':
      return {
        ...next,
        attempt: task.attempt + 1,
        accepted: false,
        leaseToken: action.leaseToken,
        leaseUntil: after(now, action.leaseMs),
      };
    case 'accept':
      return { ...next, leaseUntil: after(now, action.leaseMs), accepted: true };
    case 'advance':
      return {
        ...next,
        leaseUntil: after(now, action.leaseMs),
        accepted: true,
        ...progressAfter(task, action),
      };
    case 'succeed':
      return { ...next, progress: 100, artifacts: action.artifacts, qualityReport: action.qualityReport };
    case 'fail':
      return failOrRetry(task, next, action, now);
    case 'loseLease':
      return loseLease(task, next, action, now);
    case 'switch':
      return goOnWith(next, action.model, now);
    case 'cancel':
      // nobody has it while it waits for its next attempt, so there is nobody to wait for
      return { ...next, status: task.leaseUntil ? status : 'canceled', cancelRequestedAt: now };
    case 'confirmCancel':
    case 'expire':
      return next;
  }
}

/** A late report moves neither the bar nor the stage back. */
function progressAfter(
  task: Task,
  report: { percent: number; stage: string | null },
): Pick<Task, 'progress' | 'stage'> {
  const percent = Math.floor(report.percent);
  if (percent < task.progress) return { progress: task.progress, stage: task.stage };
  return { progress: percent, stage: report.stage };
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

const workerLost = (stage: string | null): TaskError => ({
  code: 'worker_lost',
  message: 'The worker stopped reporting',
  retryable: true,
  stage,
});

type Failure = Extract<TaskAction, { type: 'fail' }>;
type Loss = Extract<TaskAction, { type: 'loseLease' }>;

/** Only a worker that had begun spends the budget: a job nobody took says nothing about the job. */
function loseLease(task: Task, next: Task, action: Loss, now: Date): Task {
  if (next.status === 'canceled') return next;
  if (!task.accepted) return goOnWith(waitAgain(task, now), action.fallback, now);
  return failOrRetry(task, next, { ...action, type: 'fail', error: workerLost(task.stage) }, now);
}

function failOrRetry(task: Task, next: Task, { error, maxFailures, fallback }: Failure, now: Date): Task {
  if (next.status === 'canceled') return next;
  const failures = task.failures + (error.code === 'shutdown' ? 0 : 1); // a worker that is restarted says nothing about the task
  const mayPass = error.retryable || (fallback !== undefined && isWorthElsewhere(task, error, failures));
  if (!mayPass || failures >= maxFailures) return { ...next, failures, error };
  return goOnWith({ ...waitAgain(task, now), failures }, fallback, now);
}

/**
 * What one model cannot do, each other candidate is asked once. What is wrong with the request, or what a model refuses to make, is
 * taken to nobody else.
 */
const isWorthElsewhere = ({ fallbacks }: Task, { code }: TaskError, failures: number): boolean =>
  code === 'unsupported' && failures <= fallbacks.length;

/** The pause was for the engine that failed: another one goes on at once. */
const goOnWith = (task: Task, model: string | undefined, now: Date): Task =>
  model === undefined ? task : { ...onModel(task, model), stage: null, begunAt: null, runAfter: now };

/** Back among those that wait, in the status it had, after a pause that grows with the failures: 1 s, 2 s, 4 s … at most 60 s. */
function waitAgain(task: Task, now: Date): Task {
  const pauseMs = Math.min(60_000, 1000 * 2 ** task.failures);
  const runAfter = task.accepted ? after(now, pauseMs) : now;
  return { ...task, accepted: false, leaseToken: null, leaseUntil: null, runAfter };
}

/** What is true of every task in a status, however it came there. */
function enter(task: Task, now: Date): Task {
  if (isFinal(task.status)) {
    return { ...task, leaseToken: null, leaseUntil: null, completedAt: now, stage: null };
  }
  if (task.status !== 'running' || !task.accepted) return task;
  return { ...task, startedAt: task.startedAt ?? now, begunAt: task.begunAt ?? now };
}

/** Whether a report about an attempt is about the hand-out that counts. */
export const isCurrent = (task: Task, attempt: number): boolean => task.attempt === attempt && task.leaseUntil !== null;
