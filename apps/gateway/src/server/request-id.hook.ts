import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { requestIdHeader, withRequest } from '#messaging';

const sane = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's X-Request-Id when it is a sane one, else one of our own. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && sane.test(given) ? given : uuidv7();
}

/** Puts the request id on every answer and into the context that log lines and RPC calls take it from. */
export function carryRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => withRequest({ requestId: request.id }, done));
  // reading the body goes on in the context of the socket: the handler gets the request's own again
  fastify.addHook('preValidation', (request, _reply, done) => withRequest({ requestId: request.id }, done));
  fastify.addHook('onSend', (request, reply, payload, done) => {
    void reply.header(requestIdHeader, request.id);
    done(null, payload);
  });
}
