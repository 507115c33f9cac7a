import type { FastifyInstance } from 'fastify';
import { requestIdHeader } from '#telemetry';

/** Puts the request id on every answer. */
export function showRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    void reply.header(requestIdHeader, request.id);
    done(null, payload);
  });
}
