import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan, LessThanOrEqual } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import type { ApiKey } from './api-key.js';

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** Lets one key of an account be made at a time, until the transaction ends; false when the account is gone. */
  async holdAccount(tx: EntityManager, accountId: string): Promise<boolean> {
    const held: unknown[] = await tx.query('SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
    return held.length === 1;
  }

  count(tx: EntityManager, accountId: string): Promise<number> {
    return tx.countBy(ApiKeyEntity, { accountId });
  }

  async deleteExpired(tx: EntityManager, accountId: string, now: Date): Promise<void> {
    await tx.delete(ApiKeyEntity, { accountId, expiresAt: LessThanOrEqual(now) });
  }

  async insert(tx: EntityManager, key: ApiKey): Promise<void> {
    await tx.insert(ApiKeyEntity, key);
  }

  /** The account's keys, newest first. */
  list(accountId: string, limit: number, before: string | undefined): Promise<ApiKey[]> {
    return this.database.manager.find(ApiKeyEntity, {
      where: { accountId, ...(before === undefined ? {} : { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** False when the account has no such key. */
  async delete(tx: EntityManager, id: string, accountId: string): Promise<boolean> {
    const { affected } = await tx.delete(ApiKeyEntity, { id, accountId });
    return affected === 1;
  }

  /** The key with this hash that is good now, or null. */
  findLive(keyHash: Buffer): Promise<ApiKey | null> {
    return this.database.manager
      .createQueryBuilder(ApiKeyEntity, 'key')
      .where('key.keyHash = :keyHash AND (key.expiresAt IS NULL OR key.expiresAt > clock_timestamp())', { keyHash })
      .getOne();
  }

  /** To the minute: one use in a minute writes, and none waits for another. */
  async noteUse(id: string): Promise<void> {
    await this.database.query(
      `UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = (
         SELECT id FROM api_keys
         WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= clock_timestamp() - interval '1 minute')
         FOR NO KEY UPDATE SKIP LOCKED)`,
      [id],
    );
  }
}
