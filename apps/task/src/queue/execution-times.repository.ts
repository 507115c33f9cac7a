import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Task } from '../tasks/task.js';

/** So many of the newest are what is expected of the next. */
export const newest = 200;

/** How long tasks took, without whose they were: what the time of others is told from. */
@Injectable()
export class ExecutionTimesRepository {
  /** Remembers what a task that has just succeeded took of its model's time: what another model did for it before is not counted. */
  async add(tx: EntityManager, { model, begunAt, completedAt }: Task): Promise<void> {
    if (!begunAt || !completedAt) return;
    await tx.query('INSERT INTO execution_times (model, finished_at, execution_ms) VALUES ($1, $2, $3)', [
      model,
      completedAt,
      Math.max(0, completedAt.getTime() - begunAt.getTime()),
    ]);
  }

  /** Milliseconds, of the newest, ascending. */
  async listNewest(manager: EntityManager, model: string): Promise<number[]> {
    const rows = await manager.query<{ ms: number }[]>(
      `SELECT execution_ms::float8 AS ms FROM execution_times WHERE model = $1 ORDER BY finished_at DESC LIMIT ${newest}`,
      [model],
    );
    return rows.map(({ ms }) => ms).toSorted((a, b) => a - b);
  }

  /** Removes what is too old to count. */
  async trim(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM execution_times USING (
         SELECT id, row_number() OVER (PARTITION BY model ORDER BY finished_at DESC) AS nth FROM execution_times
       ) aged WHERE aged.id = execution_times.id AND aged.nth > ${newest}`,
    );
  }
}
