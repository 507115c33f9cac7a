import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Job } from '#worker-contract';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { leaseRequestOf } from './lease-request.js';
import { LeasesService } from './leases.service.js';
import { type ReportAnswer, ReportsService } from './reports.service.js';
import { SightingsService } from './sightings.service.js';
import { WorkerProblem } from './worker-problem.js';
import { bearerOf, type WorkerToken, workerTokensOf } from './worker-tokens.js';

/** How many workers may wait with one token at once, here. */
const mostPolls = 200;

/** Answers the requests of workers: who is it, and what is it to be told? */
@Injectable()
export class WorkerRequestsService {
  private readonly logger = new Logger(WorkerRequestsService.name);
  private readonly tokens: WorkerToken[];
  private readonly polls = new Map<WorkerToken, number>();
  private readonly waiting = new Set<AbortController>();

  constructor(
    config: MlBridgeConfig,
    private readonly leases: LeasesService,
    private readonly reports: ReportsService,
    private readonly sightings: SightingsService,
  ) {
    this.tokens = workerTokensOf(config.WORKER_TOKENS);
  }

  /** Throws `invalid_token`. */
  authenticate({ headers }: FastifyRequest): WorkerToken {
    const token = bearerOf(this.tokens, headers.authorization);
    if (!token) throw new WorkerProblem('invalid_token');
    return token;
  }

  /** Those who wait are answered at once, from now on. */
  sendAway(): void {
    for (const poll of this.waiting) poll.abort();
  }

  report(request: FastifyRequest): Promise<ReportAnswer> {
    return this.reports.report(this.authenticate(request).pool, bodyOf(request));
  }

  /** Answers with a job, or 204 without one. A job whose worker went away is given back. */
  async lease(request: FastifyRequest, reply: FastifyReply): Promise<Job | undefined> {
    const token = this.authenticate(request);
    const asked = leaseRequestOf(bodyOf(request));
    const { raw } = reply;
    const ending = new AbortController();
    raw.once('close', () => ending.abort());
    const job = await this.counted(token, ending, () => this.leases.take(token.pool, asked, ending.signal));
    const forget = (): void => void this.forget(token.pool, asked.workerId, job);
    if (raw.destroyed) forget();
    else raw.once('close', () => !raw.writableFinished && forget());
    if (job) return job;
    void reply.status(204);
    return undefined;
  }

  private async counted<T>(token: WorkerToken, ending: AbortController, poll: () => Promise<T>): Promise<T> {
    const polls = this.polls.get(token) ?? 0;
    if (polls >= mostPolls) throw new WorkerProblem('too_many_requests', `${mostPolls} workers wait with this token`);
    this.polls.set(token, polls + 1);
    this.waiting.add(ending);
    try {
      return await poll();
    } finally {
      this.waiting.delete(ending);
      this.polls.set(token, this.polls.get(token)! - 1);
    }
  }

  private async forget(pool: string, workerId: string, job: Job | null): Promise<void> {
    try {
      if (job) await this.leases.giveBack(pool, workerId, job);
      await this.sightings.lost(pool, workerId);
    } catch (error) {
      this.logger.warn({ err: error }); // another worker gets it when the time to accept it is over
    }
  }
}

function bodyOf({ body }: FastifyRequest): Buffer {
  if (!Buffer.isBuffer(body)) throw new WorkerProblem('malformed_request', 'There is no body');
  return body;
}
