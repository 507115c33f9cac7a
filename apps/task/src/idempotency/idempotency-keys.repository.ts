import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TaskView } from '#contracts';
import { type IdempotencyKey, IdempotencyKeyEntity } from './idempotency-key.entity.js';

/** Every query about the keys of requests; each works through the manager it is given. */
@Injectable()
export class IdempotencyKeysRepository {
  find(manager: EntityManager, ownerId: string, key: string): Promise<IdempotencyKey | null> {
    return manager.findOneBy(IdempotencyKeyEntity, { ownerId, key });
  }

  /**
   * Takes the key for this request. Resolves to false when another request has it; while that one's transaction is open, its end is
   * waited for.
   */
  async take(
    tx: EntityManager,
    use: Pick<IdempotencyKey, 'ownerId' | 'key' | 'fingerprint' | 'taskId'>,
  ): Promise<boolean> {
    const taken: unknown[] = await tx.query(
      `INSERT INTO idempotency_keys (owner_id, key, fingerprint, task_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING key`,
      [use.ownerId, use.key, use.fingerprint, use.taskId],
    );
    return taken.length > 0;
  }

  async answer(tx: EntityManager, ownerId: string, key: string, answer: TaskView): Promise<void> {
    await tx.query('UPDATE idempotency_keys SET answer = $3 WHERE owner_id = $1 AND key = $2', [
      ownerId,
      key,
      JSON.stringify(answer),
    ]);
  }

  /** Up to `limit` keys that are older than so many hours; those that somebody else removes are passed over. */
  removeOld(manager: EntityManager, hours: number, limit: number): Promise<number> {
    return this.remove(manager, 'created_at < now() - make_interval(hours => $1)', hours, limit);
  }

  removeSomeOf(tx: EntityManager, ownerId: string, limit: number): Promise<number> {
    return this.remove(tx, 'owner_id = $1', ownerId, limit);
  }

  hasAny(tx: EntityManager, ownerId: string): Promise<boolean> {
    return tx.existsBy(IdempotencyKeyEntity, { ownerId });
  }

  private async remove(manager: EntityManager, which: string, value: unknown, limit: number): Promise<number> {
    const [, removed] = await manager.query<[unknown[], number]>(
      `DELETE FROM idempotency_keys WHERE (owner_id, key) IN
         (SELECT owner_id, key FROM idempotency_keys WHERE ${which} LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [value, limit],
    );
    return removed;
  }
}
