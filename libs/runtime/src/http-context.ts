import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from 'uuidv7';
import {
  beginSpan,
  currentRequest,
  currentTraceparent,
  metrics,
  type OpenSpan,
  requestIdHeader,
  traceOf,
  traceparentHeader,
  withRequest,
} from '#telemetry';

const sane = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's X-Request-Id when it is a sane one, else one of our own. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && sane.test(given) ? given : uuidv7();
}

/**
 * Handles every request in the context that log lines and questions to other services take their ids from, in a span below the
 * caller's, and takes down its time by its route. The request's id is Fastify's: `genReqId` says where it comes from.
 */
export function carryContext(fastify: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isProbe(request)) return done();
    const span = spanOf(request);
    spans.set(request, span);
    // not the hook onResponse: it does not hear of connections that close before the end
    reply.raw.once('close', () => finish(span, request, reply));
    withRequest(span.within, done);
  });
  // reading the body goes on in the context of the socket: the handler gets the request's own again
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = spans.get(request)?.within;
    if (context) withRequest(context, done);
    else done();
  });
}

/** The headers that carry the current context on to a process of ours. */
export function contextHeaders(): Record<string, string> {
  const [context, traceparent] = [currentRequest(), currentTraceparent()];
  return {
    ...(context ? { [requestIdHeader]: context.requestId } : {}),
    ...(traceparent ? { [traceparentHeader]: traceparent } : {}),
  };
}

/** They come every few seconds, and nobody looks for them. */
const isProbe = (request: FastifyRequest): boolean => /^\/(health\/|metrics$)/.test(routeOf(request));

const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'none';

function spanOf(request: FastifyRequest): OpenSpan {
  const { id: requestId, method, headers } = request;
  const route = routeOf(request);
  const context = { requestId, trace: traceOf(headers[traceparentHeader]) };
  return beginSpan(`${method} ${route}`, 'server', { 'http.request.method': method, 'http.route': route }, context);
}

function finish(span: OpenSpan, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, elapsedTime } = reply;
  span.set({ 'http.response.status_code': statusCode });
  if (statusCode >= 500) span.fail(String(statusCode));
  span.end();
  const labels = { method: request.method, route: routeOf(request), status: String(statusCode) };
  metrics.httpRequests.observe(labels, elapsedTime / 1000);
}
