import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/**
 * One line for every answer, also for one that the client did not stay for; the query is left out, and probes are only worth a line
 * when debugging.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    // not the hook onResponse: it does not hear of connections that close before the end
    reply.raw.once('close', () => log(logger, request, reply));
    done();
  });
}

function log(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0]!;
  logger[path.startsWith('/health/') ? 'debug' : 'info'](
    {
      request_id: request.id,
      method: request.method,
      path,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
    },
    reply.raw.writableFinished ? 'answered' : 'the client left',
  );
}
