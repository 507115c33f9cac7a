import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { waits } from '../queue/queue.repository.js';
import { TaskEntity } from '../tasks/task.entity.js';
import type { Task } from '../tasks/task.js';

const fallbackAmong = (ids: string): string =>
  `EXISTS (SELECT 1 FROM jsonb_array_elements(task.fallbacks) fallback WHERE fallback->>'model' = ANY(:${ids}))`;

/** Every query about tasks that wait for a model that is not there. */
@Injectable()
export class StrandedRepository {
  constructor(private readonly database: DataSource) {}

  /** The models that tasks wait for, by a loose index scan: however many wait, one step for each model. */
  async listAwaitedModels(): Promise<string[]> {
    const rows = await this.database.query<{ model: string }[]>(
      `WITH RECURSIVE awaited AS (
         SELECT (SELECT min(model) FROM tasks WHERE ${waits}) AS model
         UNION ALL
         SELECT (SELECT min(model) FROM tasks WHERE model > awaited.model AND ${waits}) FROM awaited WHERE model IS NOT NULL
       ) SELECT model FROM awaited WHERE model IS NOT NULL`,
    );
    return rows.map(({ model }) => model);
  }

  /** Up to `limit` tasks that wait for one of `from` and may be taken over by one of `to`, in the order of their turns, locked. */
  lockMovable(tx: EntityManager, from: string[], to: string[], limit: number): Promise<Task[]> {
    return this.waitingFor(tx, from, limit)
      .andWhere("task.fallbacks <> '[]'")
      .andWhere(fallbackAmong('to'), { to })
      .getMany();
  }

  /** Up to `limit` tasks that wait for one of `from` and may be taken over by none of `known`, locked. */
  lockHopeless(tx: EntityManager, from: string[], known: string[], limit: number): Promise<Task[]> {
    return this.waitingFor(tx, from, limit)
      .andWhere(`NOT ${fallbackAmong('known')}`, { known })
      .getMany();
  }

  /** What somebody else has locked is passed over. */
  private waitingFor(tx: EntityManager, models: string[], limit: number): SelectQueryBuilder<Task> {
    return tx
      .createQueryBuilder(TaskEntity, 'task')
      .where('task.model = ANY(:models)', { models })
      .andWhere(waits)
      .orderBy('task.turn')
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked');
  }
}
