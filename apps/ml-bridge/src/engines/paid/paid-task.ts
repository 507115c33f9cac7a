import { EngineFailure } from '../../generations/attempt-failure.js';
import type { EngineAnswer } from '../answers.js';
import type { EngineRun } from '../engine-adapter.js';
import { EngineUnreachable } from '../engine-unreachable.js';
import { type Patience, poll } from '../poll.js';

/**
 * How long an answer is waited for after its job was given up, as it has the only name under which the task can be stopped or gone on
 * with: within what the host allows.
 */
const graceMs = 2500;
/** How long a server may be away while it works on something that was paid for: to pay again is dearer than to wait. */
const outageMs = 300_000;
/** Before the next try where the server does not say when. */
const usualWaitMs = 5000;

/** A server takes nothing now. */
export interface NoRoom {
  retryAfterMs: number;
}

/** What a server says to a task that it was sent. */
export type Submission = { id: string } | NoRoom;

export interface PaidTask {
  run: EngineRun;
  patience: Patience;
  /** Keeps the id of the task; null while it is being sent, undefined when it was not. */
  keep: (id: string | null | undefined) => Promise<void>;
  /** Sends it. Throws how it was refused. */
  send: (signal: AbortSignal) => Promise<Submission>;
}

/**
 * Has a task made that costs money, and resolves to its id. Waits for its turn as long as the server has no room for it. It is sent again
 * only where the server has certainly not taken it: none of these servers knows a key under which a repetition would be recognised, or
 * lists tasks by anything of ours. So when its answer is lost the attempt fails for good, which is better than to pay twice. For a job
 * that was given up nothing is sent any more.
 */
export async function sendOnce({ run, patience, keep, send }: PaidTask): Promise<string> {
  const { id } = await whenThereIsRoom(run, patience, async () => {
    await keep(null);
    if (run.signal.aborted) {
      await keep(undefined);
      run.signal.throwIfAborted();
    }
    const sent = await gracefully(run.signal, send).catch(async (error: unknown) => {
      if (mayBeTaken(error)) throw lostSubmission(error);
      await keep(undefined);
      throw error;
    });
    await keep('id' in sent ? sent.id : undefined);
    return sent;
  });
  return id;
}

/** Tries until the server has room, and not before it says; reports that the job waits. */
export function whenThereIsRoom<T extends object>(
  run: EngineRun,
  patience: Patience,
  attempt: () => Promise<T | NoRoom>,
): Promise<Exclude<T, NoRoom>> {
  let notBefore = 0;
  const ask = async (): Promise<Exclude<T, NoRoom> | undefined> => {
    await run.report('waiting');
    if (Date.now() < notBefore) return undefined;
    const found = await attempt();
    if (!('retryAfterMs' in found)) return found as Exclude<T, NoRoom>;
    notBefore = Date.now() + found.retryAfterMs;
    return undefined;
  };
  return poll(ask, run.signal, patience);
}

/** Anything but a refusal, and a server that was not reached at all. */
function mayBeTaken(error: unknown): boolean {
  if (error instanceof EngineUnreachable) return !error.certainlyUnheard;
  return !(error instanceof EngineFailure) || error.code === 'output_rejected';
}

/** For a task that was sent, and of which nobody knows whether it was taken. */
export const lostSubmission = (cause: unknown): EngineFailure =>
  new EngineFailure('engine_unavailable', `it may have been paid for, the answer was lost: ${String(cause)}`, {
    cause,
    retryable: false,
  });

/** Where a task is, or what came of it. */
export type Progress<T> = { stage: string; fraction?: number } | { result: T };

/** Asks until there is a result, and reports in between; over outages of some minutes, in which the task stays where it was. */
export async function follow<T>(run: EngineRun, patience: Patience, ask: () => Promise<Progress<T>>): Promise<T> {
  let heard = Date.now();
  let last: { stage: string; fraction?: number } = { stage: 'waiting' };
  const look = async (): Promise<{ result: T } | undefined> => {
    try {
      const progress = await ask();
      if ('result' in progress) return progress;
      last = progress;
      heard = Date.now();
    } catch (error) {
      if (!(error instanceof EngineUnreachable) || Date.now() - heard >= outageMs) throw error;
    }
    await run.report(last.stage, last.fraction);
    return undefined;
  };
  return (await poll(look, run.signal, patience)).result;
}

/** What was paid for and is made, over outages of some minutes of where its files are; anything else that `download` throws is the end. */
export function fetched<T>(run: EngineRun, patience: Patience, download: () => Promise<T>): Promise<T> {
  const fetch = async (): Promise<T> => {
    await run.report('deliver');
    return download();
  };
  return poll(fetch, run.signal, { ...patience, silenceMs: outageMs });
}

/** Of RFC 9110, in seconds or as a date. */
export function retryAfterMs({ headers }: Pick<EngineAnswer, 'headers'>, now = Date.now()): number {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return usualWaitMs;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), outageMs) : usualWaitMs;
}

/** Calls with a signal that aborts some time after this one. */
async function gracefully<T>(signal: AbortSignal, call: (late: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abortLater = (): void => void setTimeout(() => controller.abort(signal.reason), graceMs).unref();
  signal.addEventListener('abort', abortLater, { once: true });
  try {
    return await call(controller.signal);
  } finally {
    signal.removeEventListener('abort', abortLater);
  }
}
