import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** One line for every answer; the query is left out, and probes are only worth a line when debugging. */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?')[0]!;
    logger[path.startsWith('/health/') ? 'debug' : 'info'](
      {
        request_id: request.id,
        method: request.method,
        path,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
    done();
  });
}
