import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode } from '#contracts';

const lingerMs = 5000;
const statuses: Partial<Record<ProblemCode, number>> = {
  not_found: 404,
  service_unavailable: 503,
  internal_error: 500,
};

/**
 * Answers a refused upload with the Problem as it is (`Problem.fromJSON` reads it back); the gateway decides what its client sees.
 * The rest of the body is read and dropped for a while: a sender whose connection was cut could not read the answer.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    if (!(error instanceof Problem)) this.logger.error(error);
    const problem = error instanceof Problem ? error : new Problem('internal_error');
    linger(host.switchToHttp().getRequest<FastifyRequest>().raw);
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(statuses[problem.code] ?? 422)
      .send(problem.toJSON());
  }
}

function linger(body: FastifyRequest['raw']): void {
  if (body.complete || body.destroyed) return;
  const timer = setTimeout(() => body.destroy(), lingerMs);
  const finish = (): void => {
    clearTimeout(timer);
    body.socket.off('close', finish);
  };
  body.once('close', finish);
  body.socket.once('close', finish); // after the answer, a sender that hangs up is told to its socket alone
  body.on('error', () => undefined);
  body.resume();
}
