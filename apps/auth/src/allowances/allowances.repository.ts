import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TakeAllowance } from '#contracts';
import type { AfterTaking } from './allowance.js';

@Injectable()
export class AllowancesRepository {
  constructor(private readonly database: DataSource) {}

  /** Adds a taking to the window of its bucket, or begins the next window: one statement, by the clock of the database. */
  async take({ bucket, points, limit, window_seconds }: TakeAllowance): Promise<AfterTaking> {
    const [window] = await this.database.query<AfterTaking[]>(
      `INSERT INTO allowances AS old (bucket, used, resets_at)
       VALUES ($1, $2::int, now() + make_interval(secs => $4::int))
       ON CONFLICT (bucket) DO UPDATE SET
         used = $2::int + CASE WHEN old.resets_at <= now() THEN 0 ELSE least(old.used, $3::int) END,
         resets_at = CASE WHEN old.resets_at <= now() THEN EXCLUDED.resets_at ELSE old.resets_at END
       RETURNING used, (extract(epoch FROM resets_at - now()) * 1000)::float8 AS "resetsInMs"`,
      [bucket, points, limit, window_seconds],
    );
    return window!;
  }

  /** Forgets up to `limit` windows that are over. Returns how many there were. */
  async sweep(limit: number): Promise<number> {
    const [, swept] = await this.database.query<[unknown, number]>(
      `DELETE FROM allowances WHERE bucket IN (
         SELECT bucket FROM allowances WHERE resets_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED
       ) AND resets_at <= now()`,
      [limit],
    );
    return swept;
  }
}
