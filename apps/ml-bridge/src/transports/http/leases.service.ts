import { Injectable } from '@nestjs/common';
import type { Job } from '#worker-contract';
import { JobsBell } from '../../jobs/jobs-bell.service.js';
import { JobsRepository } from '../../jobs/jobs.repository.js';
import type { Listener } from '../../jobs/listener.js';
import { httpPool } from './http-transport.service.js';
import type { LeaseRequest } from './lease-request.js';
import { SightingsService } from './sightings.service.js';

/** A worker that has not accepted its job after so long has not got it. */
const acceptWithinSeconds = 15;

/** Who waits is seen to be there. */
const seenEveryMs = 10_000;

/** Hands the jobs of a pool to the workers that come for them. */
@Injectable()
export class LeasesService {
  constructor(
    private readonly jobs: JobsRepository,
    private readonly bell: JobsBell,
    private readonly sightings: SightingsService,
  ) {}

  /**
   * The oldest job of the pool, as soon as there is one; null after the time that the worker waits, and when the signal aborts. While it
   * waits no database connection is held.
   */
  async take(pool: string, { workerId, waitSeconds }: LeaseRequest, signal: AbortSignal): Promise<Job | null> {
    const listener = this.bell.listen(httpPool(pool));
    try {
      return await this.waited(pool, workerId, listener, waitSeconds * 1000, signal);
    } finally {
      listener.end();
    }
  }

  /** It did not get there: the next worker may have it at once. */
  async giveBack(pool: string, workerId: string, job: Job): Promise<void> {
    await this.jobs.giveBack(job, workerId);
    this.bell.ring(httpPool(pool));
  }

  private async waited(
    pool: string,
    workerId: string,
    listener: Listener,
    forMs: number,
    signal: AbortSignal,
  ): Promise<Job | null> {
    const until = performance.now() + forMs;
    while (!signal.aborted) {
      await this.sightings.saw(pool, workerId);
      const held = await this.jobs.take(httpPool(pool), workerId, acceptWithinSeconds);
      if (held) return held.job;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return null;
      await listener.next(Math.min(leftMs, seenEveryMs), signal);
    }
    return null;
  }
}
