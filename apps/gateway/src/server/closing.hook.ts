import type { FastifyInstance } from 'fastify';
import type { Departure } from '#runtime';

/** A connection that is answered while the gateway leaves is not kept for another request. */
export function closeWhenLeaving(fastify: FastifyInstance, departure: Departure): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!departure.accepting) void reply.header('connection', 'close');
    done(null, payload);
  });
}
