import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, Not } from 'typeorm';
import type { Breaker } from '../failover/breaker.js';
import type { Choosable } from './choice.js';
import { ModelEntity } from './model.entity.js';
import type { Model, Offered } from './model.js';

@Injectable()
export class ModelsRepository {
  constructor(private readonly database: DataSource) {}

  /** How it has been doing stays as it is. */
  async put(tx: EntityManager, model: Offered): Promise<void> {
    await tx.upsert(ModelEntity, model as never, ['id']);
  }

  /** Those of them that there are. */
  listSome(ids: string[]): Promise<Model[]> {
    return this.database.manager.findBy(ModelEntity, { id: In(ids) });
  }

  list(): Promise<Model[]> {
    return this.database.manager.find(ModelEntity, { order: { id: 'ASC' } });
  }

  /** Every model with the number of its tasks that wait. */
  async listWithDepth(): Promise<Choosable[]> {
    const models = await this.list();
    const counts = await this.database.query<{ model: string; waiting: number }[]>(
      "SELECT model, count(*)::int AS waiting FROM tasks WHERE status = 'queued' GROUP BY model",
    );
    return models.map((model) => ({ model, waiting: counts.find((count) => count.model === model.id)?.waiting ?? 0 }));
  }

  /** Every model, locked: one replica at a time hands out tasks, and the next one sees what the one before it has done. */
  lockAll(tx: EntityManager): Promise<Model[]> {
    return tx.find(ModelEntity, { order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  async keepBreaker(tx: EntityManager, id: string, { failures, restsUntil }: Breaker): Promise<void> {
    await tx.update(ModelEntity, { id }, { failures, restsUntil });
  }

  /** A task of it has succeeded: nothing is held against it any more. */
  async trust(tx: EntityManager, id: string): Promise<void> {
    await tx.query('UPDATE models SET failures = 0, rests_until = NULL WHERE id = $1 AND failures > 0', [id]);
  }

  /** Removes all but these. */
  async keepOnly(tx: EntityManager, ids: string[]): Promise<void> {
    await tx.delete(ModelEntity, { id: Not(In(ids)) });
  }
}
