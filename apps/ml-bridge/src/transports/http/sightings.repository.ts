import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Which workers came for jobs or reported over HTTP lately. All times are PostgreSQL's. */
@Injectable()
export class SightingsRepository {
  constructor(private readonly database: DataSource) {}

  async record(pool: string, workerId: string): Promise<void> {
    await this.database.query(
      `INSERT INTO worker_sightings (pool, worker_id, seen_at) VALUES ($1, $2, now())
       ON CONFLICT (pool, worker_id) DO UPDATE SET seen_at = now()`,
      [pool, workerId],
    );
  }

  async forget(pool: string, workerId: string): Promise<void> {
    await this.database.query('DELETE FROM worker_sightings WHERE pool = $1 AND worker_id = $2', [pool, workerId]);
  }

  /** How many workers of a pool were seen in the last seconds. */
  async count(pool: string, seconds: number): Promise<number> {
    const rows = await this.database.query<{ workers: number }[]>(
      `SELECT count(*)::int AS workers FROM worker_sightings
       WHERE pool = $1 AND seen_at > now() - make_interval(secs => $2)`,
      [pool, seconds],
    );
    return rows[0]!.workers;
  }

  /** Forgets the workers that were last seen an hour ago. */
  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM worker_sightings WHERE seen_at < now() - interval '1 hour'`);
  }
}
