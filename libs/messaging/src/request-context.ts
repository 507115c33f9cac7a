import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows a request through every process: the id that entered at the gateway (or was made there). */
export interface RequestContext {
  requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const withRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** The AMQP header and the HTTP header that carry the id. */
export const requestIdHeader = 'x-request-id';
