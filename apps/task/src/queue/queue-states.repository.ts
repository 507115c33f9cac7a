import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Model } from '../models/model.js';
import { farthest } from './estimate.js';
import { waits } from './queue.repository.js';

/** So many of the newest tasks tell who brings more, and how fast. */
const newestArrivals = 200;

/** A model with the time and the round its queue has come to. */
export interface QueueOf extends Pick<Model, 'slots' | 'offeredAt' | 'restsUntil'> {
  now: Date;
  round: number;
}

/** An account that brought some of the newest tasks. */
export interface Newcomer {
  tasks: number;
  since: Date;
  /** The first round in which it has no task and has had none. */
  freeRound: number;
}

/** What the time that a queue will take is told from. */
@Injectable()
export class QueueStatesRepository {
  async find(manager: EntityManager, model: string): Promise<QueueOf | null> {
    const rows = await manager.query<QueueOf[]>(
      `SELECT slots, offered_at AS "offeredAt", rests_until AS "restsUntil", clock_timestamp() AS now, coalesce(round, 0) AS round
       FROM models LEFT JOIN queue_clocks ON queue_clocks.model = models.id WHERE models.id = $1`,
      [model],
    );
    return rows[0] ?? null;
  }

  /** For how many milliseconds each task that a worker has, and is to finish, has run there. */
  async listRunning(manager: EntityManager, model: string): Promise<number[]> {
    const rows = await manager.query<{ ms: number }[]>(
      `SELECT greatest(0, coalesce(extract(epoch FROM clock_timestamp() - begun_at) * 1000, 0))::float8 AS ms
       FROM tasks WHERE model = $1 AND lease_until IS NOT NULL AND status <> 'canceling'`,
      [model],
    );
    return rows.map(({ ms }) => ms);
  }

  /** The rounds of those that wait, in the order of their turns, as many as are looked at one by one. */
  async listRounds(manager: EntityManager, model: string): Promise<number[]> {
    const rows = await manager.query<{ round: number }[]>(
      `SELECT floor(turn) AS round FROM tasks WHERE model = $1 AND ${waits} ORDER BY turn, id LIMIT ${farthest}`,
      [model],
    );
    return rows.map(({ round }) => round);
  }

  async listNewcomers(manager: EntityManager, model: string): Promise<Newcomer[]> {
    return manager.query(
      `WITH newest AS (
         SELECT owner_id, count(*)::int AS tasks, min(created_at) AS since FROM (
           SELECT owner_id, created_at FROM tasks WHERE model = $1 ORDER BY created_at DESC LIMIT ${newestArrivals}
         ) arrivals GROUP BY owner_id
       )
       SELECT tasks, since, greatest(
         coalesce((SELECT next_round FROM queue_shares WHERE model = $1 AND owner_id = newest.owner_id), 0),
         coalesce((SELECT floor(max(turn)) + 1 FROM tasks WHERE model = $1 AND owner_id = newest.owner_id AND ${waits}), 0)
       ) AS "freeRound" FROM newest`,
      [model],
    );
  }
}
