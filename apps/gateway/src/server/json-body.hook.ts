import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sessionModeOf } from '../sessions/session-mode.js';

interface Leniency {
  lenientBody?: 'empty' | 'any';
}

/** The settings of a route whose JSON body may be empty: it is no body then. */
export const takesEmptyBody: Leniency = { lenientBody: 'empty' };

/** The settings of a route that does what it can whatever the body is: one that cannot be read is no body. */
export const takesAnyBody: Leniency = { lenientBody: 'any' };

/** Reads JSON bodies as Fastify does, but for the routes above. */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    const { lenientBody } = request.routeOptions.config as Leniency;
    if (lenientBody && body === '') return done(null, undefined);
    void parse(request, body, (error, value) => {
      if (error && lenientBody !== 'any') done(error, undefined);
      else done(null, error ? undefined : value);
    });
  });
  fastify.addHook('onRoute', answerWhateverTheBody);
}

/** A body of another kind, or a too long one, carries no token: there is nothing to do. With a cookie there would be. */
function answerWhateverTheBody(route: RouteOptions): void {
  if ((route.config as Leniency | undefined)?.lenientBody !== 'any') return;
  route.errorHandler = (error: Error, { query }: FastifyRequest, reply: FastifyReply) => {
    void (sessionModeOf(query as object) === 'body' ? reply.status(204).send() : reply.send(error));
  };
}
