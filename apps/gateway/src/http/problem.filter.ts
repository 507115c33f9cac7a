import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { requestIdHeader } from '#telemetry';
import { problemDocument, problemHeaders, problemOfStatus, statusOf } from './problem-document.js';
import { RouteTable } from '../server/route-table.js';

/** Answers whatever was thrown: a refusal as its problem document, a bug as a bare 500 that is logged whole. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.problemOf(error, request, reply);
    if (problem.code === 'internal_error') this.logger.error(error);
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, problem);
  }

  private problemOf(error: unknown, request: FastifyRequest, reply: FastifyReply): Problem {
    if (error instanceof Problem) return error;
    if (!(error instanceof HttpException)) return new Problem('internal_error');
    if (request.is404) return this.noRoute(request, reply);
    return failedCheck(error) ?? problemOfStatus(error.getStatus(), error.message);
  }

  private noRoute({ url }: FastifyRequest, reply: FastifyReply): Problem {
    const methods = this.routes.methodsAt(url.split('?')[0]!);
    if (methods.length === 0) return new Problem('not_found', 'There is no such route');
    reply.header('allow', methods.join(', '));
    return new Problem('method_not_allowed');
  }
}

/** A health check that failed carries what it found: the part that is missing is named. */
function failedCheck(error: HttpException): Problem | null {
  const answer = error.getResponse();
  if (typeof answer === 'string' || !('details' in answer) || !('error' in answer)) return null;
  const missing = Object.keys(answer.error as object).join(', ');
  return new Problem('service_unavailable', `Not ready: ${missing}`, { members: { details: answer.details } });
}

/** Sends a problem document, complete with its request id: what is refused before any route is known passes no hook. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { id } = reply.request;
  void reply
    .status(statusOf[problem.code])
    .headers({ ...problemHeaders(problem), [requestIdHeader]: id })
    .send(Buffer.from(JSON.stringify(problemDocument(problem, id)))); // as bytes: Fastify adds a charset to text
}
