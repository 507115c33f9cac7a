import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ModelEntity } from './model.entity.js';
import type { Model } from './model.js';

@Injectable()
export class ModelsRepository {
  constructor(private readonly database: DataSource) {}

  async put(tx: EntityManager, model: Model): Promise<void> {
    await tx.upsert(ModelEntity, model as never, ['id']);
  }

  find(id: string): Promise<Model | null> {
    return this.database.manager.findOneBy(ModelEntity, { id });
  }

  /** Every model with the number of its tasks that wait. */
  async listWithDepth(): Promise<{ model: Model; waiting: number }[]> {
    const models = await this.database.manager.find(ModelEntity, { order: { id: 'ASC' } });
    const counts = await this.database.query<{ model: string; waiting: number }[]>(
      "SELECT model, count(*)::int AS waiting FROM tasks WHERE status = 'queued' GROUP BY model",
    );
    return models.map((model) => ({ model, waiting: counts.find((count) => count.model === model.id)?.waiting ?? 0 }));
  }

  /** Every model, locked: one replica at a time hands out tasks, and the next one sees what the one before it has done. */
  lockAll(tx: EntityManager): Promise<Model[]> {
    return tx.find(ModelEntity, { order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }
}
