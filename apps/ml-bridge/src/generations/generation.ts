import type { Attempt, CancelReason, PromisedOutput } from '#contracts';
import type { WorkerEvent } from '#worker-contract';

/** One attempt of one task as its workers see it. */
export interface Generation {
  taskId: string;
  attempt: number;
  ownerId: string;
  leaseToken: string;
  outputs: PromisedOutput[];
  status: 'dispatched' | 'accepted' | 'succeeded' | 'failed' | 'canceled';
  /** Whoever accepted first; nobody else is listened to. */
  workerId: string | null;
  lastSeq: number;
  stage: string | null;
  /** As last reported. */
  percent: number;
  cancelReason: CancelReason | null;
  createdAt: Date;
}

/** `heard`: it counts. `repeated`: it was said before. `stale`: it comes from somebody who does not hold this attempt. */
export type Verdict = 'heard' | 'repeated' | 'stale';

/** Whether what a worker says about an attempt counts. The first `accepted` wins the attempt for its worker. */
export function judge(generation: Generation, event: WorkerEvent, isNewest: boolean): Verdict {
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
  leaseToken: '',
  outputs: [],
  status: 'canceled',
  workerId: null,
  lastSeq: -1,
  stage: null,
  percent: 0,
  cancelReason,
  createdAt: now,
});

const statusAfter = {
  accepted: 'accepted',
  progress: 'accepted',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<WorkerEvent['type'], Generation['status']>;

/** A worker may report a fraction; a task shows whole percents. */
export const wholePercent = ({ percent }: WorkerEvent): number | undefined =>
  percent === undefined ? undefined : Math.floor(percent);

/** Whether another worker goes on with the attempt that this one speaks of. */
export const isHeldByAnother = (generation: Generation, workerId: string): boolean =>
  !isOver(generation) && generation.workerId !== workerId;

/** The generation after an event that counts. */
export function hear(generation: Generation, event: WorkerEvent): Generation {
  return {
    ...generation,
    status: statusAfter[event.type],
    workerId: event.worker_id,
    lastSeq: event.seq,
    stage: event.stage ?? generation.stage,
    percent: wholePercent(event) ?? generation.percent,
  };
}
