import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { Attempt } from '#contracts';
import { holdAccount } from '#persistence';
import { GenerationEntity } from './generation.entity.js';
import type { Generation } from './generation.js';

@Injectable()
export class GenerationsRepository {
  constructor(private readonly database: DataSource) {}

  find({ task_id: taskId, attempt }: Attempt): Promise<Generation | null> {
    return this.database.manager.findOneBy(GenerationEntity, { taskId, attempt });
  }

  lock(tx: EntityManager, { task_id: taskId, attempt }: Attempt): Promise<Generation | null> {
    return tx.findOne(GenerationEntity, { where: { taskId, attempt }, lock: { mode: 'pessimistic_write' } });
  }

  /** Whether no later attempt of the task has been handed out. */
  async isNewest({ task_id: taskId, attempt }: Attempt): Promise<boolean> {
    const newest = await this.database.manager.maximum(GenerationEntity, 'attempt', { taskId });
    return newest === attempt;
  }

  /** Inserts an attempt, unless it is there already or its account was erased. */
  async insertOnce(generation: Generation): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await holdAccount(tx, generation.ownerId))) return;
      await tx.createQueryBuilder().insert().into(GenerationEntity).values(generation).orIgnore().execute();
    });
  }

  /** Up to `limit` attempts of an owner, in no order. */
  someOf(ownerId: string, limit: number): Promise<Generation[]> {
    return this.database.manager.find(GenerationEntity, { where: { ownerId }, take: limit });
  }

  ofTask(taskId: string): Promise<Generation[]> {
    return this.database.manager.findBy(GenerationEntity, { taskId });
  }

  /** What is being taken over gets on, though its worker says nothing any more. */
  async keepAlive(tx: EntityManager, { task_id, attempt }: Attempt): Promise<void> {
    await tx.query(
      `UPDATE generations SET heard_at = now(), progressed_at = now(), stage_since = now()
       WHERE task_id = $1 AND attempt = $2 AND status = 'accepted'`,
      [task_id, attempt],
    );
  }

  /** Every attempt that waits for a finisher, or is with one. */
  finishing(): Promise<Generation[]> {
    return this.database
      .createQueryBuilder(GenerationEntity, 'generation')
      .where(`status = 'accepted' AND finishing ->> 'raw' IS NOT NULL`)
      .getMany();
  }

  /** Every attempt of these models that a worker is at. */
  goingOf(models: string[]): Promise<Generation[]> {
    return this.database.manager.findBy(GenerationEntity, { status: 'accepted', model: In(models) });
  }

  async remove(generations: Pick<Generation, 'taskId' | 'attempt'>[]): Promise<void> {
    await this.database.query(
      `DELETE FROM generations WHERE (task_id, attempt) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))`,
      [generations.map(({ taskId }) => taskId), generations.map(({ attempt }) => attempt)],
    );
  }

  async save(tx: EntityManager, generation: Generation): Promise<void> {
    const { taskId, attempt, ...changes } = generation;
    await tx.update(GenerationEntity, { taskId, attempt }, changes);
  }

  /** Notes that nobody wants an attempt any more; when it is not known yet, as the row that `unseen` is. */
  async markCanceled(unseen: Generation): Promise<void> {
    await this.database
      .createQueryBuilder()
      .insert()
      .into(GenerationEntity)
      .values(unseen)
      .orUpdate(['cancel_reason'], ['task_id', 'attempt'])
      .execute();
  }

  /** Removes what is certainly over: no task lives for longer than a day. Returns how many attempts were forgotten. */
  async forget(days: number): Promise<number> {
    const { affected } = await this.database
      .createQueryBuilder()
      .delete()
      .from(GenerationEntity)
      .where('created_at < now() - make_interval(days => :days)', { days })
      .execute();
    return affected ?? 0;
  }
}
