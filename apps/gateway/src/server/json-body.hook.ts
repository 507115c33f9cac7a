import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sessionModeOf } from '../sessions/session-mode.js';

/**
 * Routes that can do without their body. On the first, an empty one is no body; on the second, any that cannot be read is none: logging
 * out is answered whatever was sent.
 */
const lenientRoutes = { '/auth/refresh': 'empty', '/auth/logout': 'any' } as const;

const leniencyAt = (url = ''): 'empty' | 'any' | undefined => lenientRoutes[url as keyof typeof lenientRoutes];

/** Reads JSON bodies as Fastify does, but for the routes above. */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    const leniency = leniencyAt(request.routeOptions.url);
    if (leniency && body === '') return done(null, undefined);
    void parse(request, body, (error, value) => {
      if (error && leniency !== 'any') done(error, undefined);
      else done(null, error ? undefined : value);
    });
  });
  fastify.addHook('onRoute', answerWhateverTheBody);
}

/** A body of another kind, or a too long one, carries no token: there is nothing to do. With a cookie there would be. */
function answerWhateverTheBody(route: RouteOptions): void {
  if (leniencyAt(route.url) !== 'any') return;
  route.errorHandler = (error: Error, { query }: FastifyRequest, reply: FastifyReply) => {
    if (sessionModeOf(query as object) === 'body') void reply.status(204).send();
    else void reply.send(error);
  };
}
