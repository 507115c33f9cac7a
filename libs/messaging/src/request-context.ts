import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows a request through every process. */
export interface RequestContext {
  /** The id that entered at the gateway, or was made there. */
  requestId: string;
  /** When whoever asked gives up, in epoch milliseconds: no question that is asked on the way may take longer. */
  deadline?: number | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const withRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** The AMQP header and the HTTP header that carry the id. */
export const requestIdHeader = 'x-request-id';
