import { WorkerProblem } from './worker-problem.js';

/** The body of POST /worker/lease. */
export interface LeaseRequest {
  workerId: string;
  waitSeconds: number;
}

const longestWaitSeconds = 30;
const usualWaitSeconds = 25;
/** As in ml-event.v1. */
const workerId = /^[A-Za-z0-9_.@:-]{1,100}$/;

/** Reads the body; what is not known in it is let through. Throws a WorkerProblem that names the wrong place. */
export function leaseRequestOf(body: Buffer): LeaseRequest {
  const { worker_id: id, wait_seconds: seconds = usualWaitSeconds } = objectIn(body);
  if (typeof id !== 'string' || !workerId.test(id)) throw invalid('/worker_id', `must match ${workerId.source}`);
  if (!isWait(seconds)) throw invalid('/wait_seconds', `must be a number from 0 to ${longestWaitSeconds}`);
  return { workerId: id, waitSeconds: seconds };
}

const isWait = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds >= 0 && seconds <= longestWaitSeconds;

function objectIn(body: Buffer): Record<string, unknown> {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) throw invalid('', 'must be an object');
  return value as Record<string, unknown>;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new WorkerProblem('malformed_request', 'The body is not JSON');
  }
}

const invalid = (pointer: string, message: string): WorkerProblem =>
  new WorkerProblem('invalid_parameters', undefined, [{ pointer, message }]);
