import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
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

  /** Models that have workers, locked: one replica at a time hands out the tasks of a model. */
  lockOffered(tx: EntityManager): Promise<Model[]> {
    return tx.find(ModelEntity, {
      where: { slots: MoreThan(0) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
  }
}
