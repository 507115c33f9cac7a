import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import type { DeliveryStatus } from '#contracts';
import { DeliveryEntity } from './delivery.entity.js';
import type { AfterTry, Delivery } from './delivery.js';

/** Which of an owner's deliveries are asked for. */
export interface DeliveryFilter {
  status?: DeliveryStatus | undefined;
  before?: string | undefined;
  limit: number;
}

/** Whose deliveries are not claimed now: enough calls to these hosts, or for these owners, are on their way. */
export interface Busy {
  hosts: string[];
  owners: string[];
}

/** Longer than a try takes: an outcome that was not written down by then never will be. */
const tryTakes = '1 minute';
const keptFor = '30 days';

/** Every query about deliveries. They are removed with their task. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: DataSource) {}

  async insert(tx: EntityManager, delivery: Delivery): Promise<void> {
    await tx.insert(DeliveryEntity, delivery);
  }

  /** Up to `limit` deliveries of an owner, newest first, from the one before `before` on. */
  list(ownerId: string, { status, before, limit }: DeliveryFilter): Promise<Delivery[]> {
    return this.database.manager.find(DeliveryEntity, {
      where: { ownerId, ...(status ? { status } : {}), ...(before ? { id: LessThan(before) } : {}) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Makes a delivery due now. null when the owner has no such delivery. */
  async makeDue(id: string, ownerId: string): Promise<Delivery | null> {
    await this.database.query(
      `UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now() WHERE id = $1 AND owner_id = $2`,
      [id, ownerId],
    );
    return this.database.manager.findOneBy(DeliveryEntity, { id, ownerId });
  }

  /** The delivery that has been due for longest, with one more attempt: no other replica has it for a minute. */
  async claim({ hosts, owners }: Busy): Promise<Delivery | null> {
    const [rows] = await this.database.query<[{ id: string; attempts: number }[], number]>(
      `UPDATE webhook_deliveries
       SET attempts = attempts + 1, last_attempt_at = clock_timestamp(),
           next_attempt_at = clock_timestamp() + interval '${tryTakes}'
       WHERE id = (
         SELECT id FROM webhook_deliveries
         WHERE status = 'pending' AND next_attempt_at <= now() AND host <> ALL ($1) AND owner_id <> ALL ($2)
         ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id, attempts`,
      [hosts, owners],
    );
    return rows[0] ? this.database.manager.findOneBy(DeliveryEntity, rows[0]) : null;
  }

  /** Keeps all that an owner's receiver at an address waits for, until the transaction ends: two that give it up take turns. */
  async lockWaiting(tx: EntityManager, { ownerId, url }: Delivery): Promise<void> {
    await tx.query(
      `SELECT 1 FROM webhook_deliveries WHERE owner_id = $1 AND url = $2 AND status = 'pending' ORDER BY id FOR UPDATE`,
      [ownerId, url],
    );
  }

  /** Writes an outcome down, unless the delivery has been tried again or given up meanwhile, or is gone. */
  async record(tx: EntityManager, { id, attempts }: Delivery, after: AfterTry): Promise<void> {
    await tx.update(DeliveryEntity, { id, attempts, status: 'pending' }, after);
  }

  /** Gives up all that an owner's receiver at an address still waits for. */
  async giveUp(tx: EntityManager, { ownerId, url }: Delivery, error: string): Promise<void> {
    await tx.update(
      DeliveryEntity,
      { ownerId, url, status: 'pending' },
      { status: 'failed', nextAttemptAt: null, error },
    );
  }

  /** Removes up to `limit` of those that nobody asks for any more. Resolves to how many there were. */
  async removeOld(limit: number): Promise<number> {
    const [, removed] = await this.database.query<[unknown[], number]>(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE created_at < now() - interval '${keptFor}' AND status <> 'pending'
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [limit],
    );
    return removed;
  }
}
