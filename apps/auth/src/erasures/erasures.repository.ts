import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountKeeper } from '#contracts';
import { ErasureEntity } from './erasure.entity.js';
import type { Erasure } from './erasure.js';

@Injectable()
export class ErasuresRepository {
  constructor(private readonly database: DataSource) {}

  async insert(tx: EntityManager, erasure: Erasure): Promise<void> {
    await tx.insert(ErasureEntity, erasure);
  }

  /** The service needs not be waited for any more; hearing it twice is harmless. */
  async confirm(accountId: string, service: AccountKeeper): Promise<void> {
    await this.database.query('UPDATE erasures SET waiting_for = array_remove(waiting_for, $2) WHERE account_id = $1', [
      accountId,
      service,
    ]);
  }

  /** Accounts that somebody was told of so many seconds ago and has not confirmed: noted as told now. */
  async takeOverdue(tx: EntityManager, seconds: number, limit: number): Promise<string[]> {
    const [rows] = await tx.query<[{ id: string }[], number]>(
      `UPDATE erasures SET announced_at = clock_timestamp() WHERE account_id IN (
         SELECT account_id FROM erasures
         WHERE waiting_for <> '{}' AND announced_at < clock_timestamp() - make_interval(secs => $1)
         ORDER BY announced_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING account_id AS id`,
      [seconds, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Accounts that were erased in the last so many seconds. */
  async erasedWithin(seconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }[]>(
      'SELECT account_id AS id FROM erasures WHERE erased_at > clock_timestamp() - make_interval(secs => $1)',
      [seconds],
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets accounts of which nothing is left and no access token is good any more. */
  async forgetComplete(seconds: number): Promise<void> {
    await this.database.query(
      `DELETE FROM erasures WHERE waiting_for = '{}' AND erased_at < clock_timestamp() - make_interval(secs => $1)`,
      [seconds],
    );
  }
}
