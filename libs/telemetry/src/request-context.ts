import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanContext } from '@opentelemetry/api';
import { traceOf, traceparentOf } from './traceparent.js';

/** What follows a request through every process. */
export interface RequestContext {
  /** The id that entered at the gateway, or was made there. */
  requestId: string;
  /** When whoever asked gives up, in epoch milliseconds: no question that is asked on the way may take longer. */
  deadline?: number | undefined;
  /** The task that the work is about, for log lines. */
  taskId?: string | undefined;
  /** The span that is open now: the parent of the next one. */
  trace?: SpanContext | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const withRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** Does work about one task: whatever is logged meanwhile has its id. Outside any request the task's id is the request's. */
export const withTask = <T>(taskId: string, work: () => T): T =>
  storage.run({ requestId: taskId, ...storage.getStore(), taskId }, work);

/** The `traceparent` of what is sent on now; undefined outside any trace. */
export function currentTraceparent(): string | undefined {
  const open = storage.getStore()?.trace;
  return open && traceparentOf(open);
}

/** The request that something stored was made for, and the span of that moment: what is done for it later belongs there. */
export interface Origin {
  requestId: string | null;
  traceparent: string | null;
}

export const currentOrigin = (): Origin => ({
  requestId: storage.getStore()?.requestId ?? null,
  traceparent: currentTraceparent() ?? null,
});

/** Does work for a task that was stored, under the request that it was stored in, whoever made us look. */
export const withOrigin = <T>({ requestId, traceparent }: Origin, taskId: string, work: () => T): T =>
  storage.run({ requestId: requestId ?? taskId, taskId, trace: traceOf(traceparent) }, work);

/** The AMQP header and the HTTP header that carry the id. */
export const requestIdHeader = 'x-request-id';
