import type { FastifyInstance } from 'fastify';
import { registry } from '#telemetry';

/** Answers GET /metrics in Prometheus's text format. For a listener that only operators reach. */
export function serveMetrics(fastify: FastifyInstance): void {
  fastify.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
}
