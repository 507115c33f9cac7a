import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Attempt, CancelReason } from '#contracts';
import type { Job } from '#worker-contract';
import { heldJob, type HeldJob, type TakenRow } from './held-job.js';

/** One of the jobs that a holder has, and whether anybody still wants it. */
export interface Holding extends Attempt {
  cancelReason: CancelReason | null;
  /** Whether the attempt has ended without its holder. */
  isOver: boolean;
}

/** TypeORM answers a change with its rows and their number. */
type Changed<Row> = [Row[], number];

/** The jobs that wait here for whoever fetches them, and those that are held. All times are PostgreSQL's. */
@Injectable()
export class JobsRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * Puts the job of an attempt that nobody has accepted and nobody has canceled, once. It may be taken for the first time within
   * `lifetimeMs`. A cancel at the same moment waits, so that it finds the job.
   */
  async put(pool: string, job: Job, lifetimeMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO jobs (task_id, attempt, pool, job, not_after)
       SELECT task_id, attempt, $3, $4, now() + make_interval(secs => $5) FROM generations
       WHERE task_id = $1 AND attempt = $2 AND status = 'dispatched' AND cancel_reason IS NULL FOR SHARE
       ON CONFLICT DO NOTHING`,
      [job.task_id, job.attempt, pool, JSON.stringify(job), lifetimeMs / 1000],
    );
  }

  /** The oldest job of a pool that nobody holds (any more), from now on this holder's for so many seconds; null when there is none. */
  take(pool: string, holder: string, seconds: number): Promise<HeldJob | null> {
    return this.taken(this.database.manager, pool, holder, seconds);
  }

  /** The same, unless so many of the pool are held already. Whoever takes within a limit takes turns. */
  takeWithin(most: number, pool: string, holder: string, seconds: number): Promise<HeldJob | null> {
    return this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [pool]);
      const [held] = await tx.query<[{ jobs: number }]>(
        'SELECT count(*)::int AS jobs FROM jobs WHERE pool = $1 AND held_until >= now()',
        [pool],
      );
      return held.jobs < most ? this.taken(tx, pool, holder, seconds) : null;
    });
  }

  /** How many jobs of these pools may be taken now; a pool without any is left out. */
  async countFree(pools: string[]): Promise<{ pool: string; jobs: number }[]> {
    return this.database.query(
      `SELECT pool, count(*)::int AS jobs FROM jobs WHERE pool = ANY($1) AND ${isFree} GROUP BY pool`,
      [pools],
    );
  }

  /**
   * Everything that this holder has stays its own for so many seconds more, and may be gone on with for as long again when it falls
   * silent. What is not in the answer has been lost.
   */
  async holdOn(holder: string, seconds: number): Promise<Holding[]> {
    const [rows] = await this.database.query<Changed<Holding>>(
      `UPDATE jobs SET held_until = now() + make_interval(secs => $2),
         not_after = greatest(not_after, now() + make_interval(secs => 2 * $2::float)) FROM generations
       WHERE jobs.holder = $1 AND generations.task_id = jobs.task_id AND generations.attempt = jobs.attempt
       RETURNING jobs.task_id, jobs.attempt, generations.cancel_reason AS "cancelReason",
         generations.status NOT IN ('dispatched', 'accepted') AS "isOver"`,
      [holder, seconds],
    );
    return rows;
  }

  /** Who has a job, or had it last; null of one that was given back, undefined when there is none. */
  async holderOf({ task_id, attempt }: Attempt): Promise<string | null | undefined> {
    const rows = await this.database.query<{ holder: string | null }[]>(
      'SELECT holder FROM jobs WHERE task_id = $1 AND attempt = $2',
      [task_id, attempt],
    );
    return rows[0]?.holder;
  }

  /** Keeps what the next holder needs to go on. Returns whether the job is still this holder's. */
  async remember({ task_id, attempt }: Attempt, holder: string, remote: unknown): Promise<boolean> {
    const [, changed] = await this.database.query<Changed<unknown>>(
      'UPDATE jobs SET remote = $4 WHERE task_id = $1 AND attempt = $2 AND holder = $3',
      [task_id, attempt, holder, JSON.stringify(remote)],
    );
    return changed > 0;
  }

  /** The next one may take it at once. */
  async giveBack({ task_id, attempt }: Attempt, holder: string): Promise<void> {
    await this.database.query(
      'UPDATE jobs SET holder = NULL, held_until = NULL WHERE task_id = $1 AND attempt = $2 AND holder = $3',
      [task_id, attempt, holder],
    );
  }

  async remove({ task_id, attempt }: Attempt): Promise<void> {
    await this.database.query('DELETE FROM jobs WHERE task_id = $1 AND attempt = $2', [task_id, attempt]);
  }

  /** Removes a job that nobody has ever taken. Returns whether it was there. */
  async removeUntaken(tx: EntityManager, { task_id, attempt }: Attempt): Promise<boolean> {
    const [, removed] = await tx.query<Changed<unknown>>(
      'DELETE FROM jobs WHERE task_id = $1 AND attempt = $2 AND holder IS NULL AND remote IS NULL',
      [task_id, attempt],
    );
    return removed > 0;
  }

  /** Removes what nobody will take any more: the attempt is over, or it is too late to begin. Returns how many there were. */
  async sweep(): Promise<number> {
    const [, removed] = await this.database.query<Changed<unknown>>(
      `DELETE FROM jobs USING generations
       WHERE generations.task_id = jobs.task_id AND generations.attempt = jobs.attempt
         AND (jobs.held_until IS NULL OR jobs.held_until < now())
         AND (generations.status NOT IN ('dispatched', 'accepted') OR (jobs.not_after < now() AND jobs.remote IS NULL))`,
    );
    return removed;
  }

  private async taken(manager: EntityManager, pool: string, holder: string, seconds: number): Promise<HeldJob | null> {
    const [rows] = await manager.query<Changed<TakenRow>>(
      `UPDATE jobs SET holder = $2, held_until = now() + make_interval(secs => $3)
       WHERE (task_id, attempt) = (
         SELECT task_id, attempt FROM jobs WHERE pool = $1 AND ${isFree}
         ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING job, remote, (extract(epoch FROM now() - created_at) * 1000)::float AS "waitedMs"`,
      [pool, holder, seconds],
    );
    return rows[0] ? heldJob(rows[0]) : null;
  }
}

/** What was begun has to be ended by somebody, however late it is. */
const isFree = '(holder IS NULL OR held_until < now()) AND (not_after > now() OR remote IS NOT NULL)';
