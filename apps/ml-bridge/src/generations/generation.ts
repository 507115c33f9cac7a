import type { Attempt, CancelReason, PromisedOutput } from '#contracts';
import type { Origin } from '#telemetry';
import type { AttemptEvent } from './attempt-failure.js';

/** What our own engine makes of the one GLB that another engine delivers. */
export interface Finishing {
  /** What the task asked for. */
  outputs: PromisedOutput[];
  params: object;
  deadlineAt: string;
  leaseSeconds: number;
  /** The GLB, once it has been delivered. */
  raw: { bytes: number; sha256: string } | null;
  /** How often it was handed to a finisher. */
  rounds: number;
  /** When it was last handed to one, as ISO 8601. */
  sentAt: string | null;
}

/** One attempt of one task as its workers see it. */
export interface Generation extends Origin {
  taskId: string;
  attempt: number;
  ownerId: string;
  /** null of an attempt that was canceled before it was known, and of one from before this was kept. */
  model: string | null;
  leaseToken: string;
  /** What its worker is to deliver. */
  outputs: PromisedOutput[];
  /** null where the worker delivers everything itself. */
  finishing: Finishing | null;
  status: 'dispatched' | 'accepted' | 'succeeded' | 'failed' | 'canceled';
  /** Whoever accepted first; nobody else is listened to. */
  workerId: string | null;
  lastSeq: number;
  stage: string | null;
  /** As last reported. */
  percent: number;
  cancelReason: CancelReason | null;
  createdAt: Date;
  /** When its worker was last heard. */
  heardAt: Date | null;
  /** When its stage or its percent last changed. */
  progressedAt: Date | null;
  /** When its stage last changed. */
  stageSince: Date | null;
}

export const attemptOf = ({ taskId, attempt }: Generation): Attempt => ({ task_id: taskId, attempt });

/** `heard`: it counts. `repeated`: it was said before. `stale`: it comes from somebody who does not hold this attempt. */
export type Verdict = 'heard' | 'repeated' | 'stale';

/** Whether what a worker says about an attempt counts. The first `accepted` wins the attempt for its worker. */
export function judge(generation: Generation, event: AttemptEvent, isNewest: boolean): Verdict {
  if (generation.leaseToken !== event.lease_token || !isNewest) return 'stale';
  if (isOver(generation)) return generation.workerId === event.worker_id ? 'repeated' : 'stale';
  if (generation.workerId !== null && generation.workerId !== event.worker_id) return 'stale';
  const isFirst = generation.workerId === null;
  return isFirst || event.seq > generation.lastSeq ? 'heard' : 'repeated';
}

export const isOver = ({ status }: Generation): boolean => status !== 'dispatched' && status !== 'accepted';

/** Whether its job is still to be sent. */
export const isWanted = ({ status, cancelReason }: Generation): boolean =>
  status === 'dispatched' && cancelReason === null;

/** What is kept of an attempt whose cancel was read before it was: enough never to send its job. */
export const canceledUnseen = ({ task_id, attempt }: Attempt, cancelReason: CancelReason, now: Date): Generation => ({
  taskId: task_id,
  attempt,
  ownerId: '00000000-0000-0000-0000-000000000000',
  requestId: null,
  traceparent: null,
  model: null,
  leaseToken: '',
  outputs: [],
  finishing: null,
  status: 'canceled',
  workerId: null,
  lastSeq: -1,
  stage: null,
  percent: 0,
  cancelReason,
  createdAt: now,
  heardAt: null,
  progressedAt: null,
  stageSince: null,
});

const statusAfter = {
  accepted: 'accepted',
  progress: 'accepted',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<AttemptEvent['type'], Generation['status']>;

/** A worker may report a fraction; a task shows whole percents. */
export const wholePercent = ({ percent }: AttemptEvent): number | undefined =>
  percent === undefined ? undefined : Math.floor(percent);

/** Whether another worker goes on with the attempt that this one speaks of. */
export const isHeldByAnother = (generation: Generation, workerId: string): boolean =>
  !isOver(generation) && generation.workerId !== workerId;

/** Whether the engine is done with it, and a finisher makes the rest. */
export const isFinishing = ({ finishing }: Pick<Generation, 'finishing'>): boolean => finishing?.raw != null;

export const finishingStage = 'finish';
/** The percent at which an engine has delivered and the finisher takes over. */
export const finishingFrom = 90;

/** How far an attempt is, of what its present worker says of its own part. */
function overall({ finishing }: Generation, percent: number): number {
  if (!finishing) return percent;
  if (!finishing.raw) return Math.floor((percent * finishingFrom) / 100);
  return finishingFrom + Math.floor((percent * (100 - finishingFrom)) / 100);
}

/** The generation after an event that counts. Its percent never falls. */
export function hear(generation: Generation, event: AttemptEvent, now: Date): Generation {
  const stage = isFinishing(generation) ? finishingStage : (event.stage ?? generation.stage);
  const percent = Math.max(generation.percent, overall(generation, wholePercent(event) ?? 0));
  const entersStage = generation.workerId === null || stage !== generation.stage;
  return {
    ...generation,
    status: statusAfter[event.type],
    workerId: event.worker_id,
    lastSeq: event.seq,
    stage,
    percent,
    heardAt: now,
    progressedAt: entersStage || percent > generation.percent ? now : generation.progressedAt,
    stageSince: entersStage ? now : generation.stageSince,
  };
}
