import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { roundOf, type Standing } from './turn.js';

/** A task waits for a worker: for its first one, or for another after an attempt that failed. */
export const waits = `lease_until IS NULL AND status IN ('queued', 'running')`;
/** As of this statement: a dispatcher may have waited for the others since its transaction began. */
const isDue = 'run_after <= statement_timestamp() AND deadline_at > statement_timestamp()';

/** The task that goes next, and the one whose turn that is: another one of the same account, or itself. */
export interface NextTask {
  id: string;
  turn: number;
  turnOf: string;
  nextTurn: number;
}

/** The tasks of a model in one status, and how many seconds the one that waits longest for its first worker has waited. */
export interface Depth {
  model: string;
  status: string;
  tasks: number;
  waited: number;
}

/** Every query about who waits for whom; a write takes the transaction it belongs to. */
@Injectable()
export class QueueRepository {
  /** What waits and what a worker has, by model and status: each from the index of its kind, however many have ended. */
  depths(manager: EntityManager): Promise<Depth[]> {
    return manager.query(
      `SELECT model, status, count(*)::int AS tasks,
              coalesce(extract(epoch FROM statement_timestamp() - min(created_at) FILTER (WHERE attempt = 0)), 0)::float8 AS waited
       FROM (
         SELECT model, status, created_at, attempt FROM tasks WHERE ${waits}
         UNION ALL
         SELECT model, status, created_at, attempt FROM tasks WHERE lease_until IS NOT NULL
       ) open GROUP BY model, status`,
    );
  }

  /** Where the account stands; its lock keeps it there. Takes a ticket. */
  async standingOf(tx: EntityManager, model: string, ownerId: string): Promise<Standing> {
    const rows = await tx.query<Standing[]>(
      `SELECT coalesce((SELECT round FROM queue_clocks WHERE model = $1), 0) AS clock,
              coalesce((SELECT next_round FROM queue_shares WHERE model = $1 AND owner_id = $2), 0) AS share,
              (SELECT floor(max(turn)) FROM tasks WHERE model = $1 AND owner_id = $2 AND ${waits}) AS "lastRound",
              nextval('queue_tickets')::int AS ticket`,
      [model, ownerId],
    );
    return rows[0]!;
  }

  /**
   * Whose turn it is, and the most important of that account's tasks, the oldest of several, both locked. Accounts that run `maxRunning` tasks are passed over
   * (0: nobody is), and so is what somebody else has locked.
   */
  async lockNext(tx: EntityManager, model: string, maxRunning: number): Promise<NextTask | null> {
    const rows = await tx.query<NextTask[]>(
      `WITH next AS (
         SELECT id, owner_id, turn FROM tasks
         WHERE model = $1 AND ${waits} AND ${isDue} AND ($2::int = 0 OR owner_id NOT IN (
           SELECT owner_id FROM tasks WHERE lease_until IS NOT NULL GROUP BY owner_id HAVING count(*) >= $2::int))
         ORDER BY turn, id LIMIT 1 FOR UPDATE SKIP LOCKED
       ), best AS (
         SELECT id, turn FROM tasks
         WHERE model = $1 AND owner_id = (SELECT owner_id FROM next) AND ${waits} AND ${isDue}
         ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       SELECT best.id, best.turn, next.id AS "turnOf", next.turn AS "nextTurn" FROM best, next`,
      [model, maxRunning],
    );
    return rows[0] ?? null;
  }

  async setTurn(tx: EntityManager, id: string, turn: number): Promise<void> {
    await tx.query('UPDATE tasks SET turn = $2 WHERE id = $1', [id, turn]);
  }

  /** A turn was taken: the queue has come to its round, and its account has had it. */
  async passTurn(tx: EntityManager, model: string, ownerId: string, turn: number): Promise<void> {
    await tx.query(
      `WITH clock AS (
         INSERT INTO queue_clocks (model, round) VALUES ($1, $3)
         ON CONFLICT (model) DO UPDATE SET round = greatest(queue_clocks.round, excluded.round)
       )
       INSERT INTO queue_shares (model, owner_id, next_round) VALUES ($1, $2, $3::float8 + 1)
       ON CONFLICT (model, owner_id) DO UPDATE SET next_round = greatest(queue_shares.next_round, excluded.next_round)`,
      [model, ownerId, roundOf(turn)],
    );
  }

  /** What says nothing any more: that an account has had a round that is over. */
  async forgetShares(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM queue_shares USING queue_clocks
       WHERE queue_clocks.model = queue_shares.model AND queue_shares.next_round <= queue_clocks.round`,
    );
  }

  /** Whether there was something to remove of an account. */
  async removeShares(tx: EntityManager, ownerId: string): Promise<boolean> {
    const [, removed] = await tx.query<[unknown[], number]>('DELETE FROM queue_shares WHERE owner_id = $1', [ownerId]);
    return removed > 0;
  }

  async countLeased(tx: EntityManager, model: string): Promise<number> {
    const rows = await tx.query<{ leased: number }[]>(
      'SELECT count(*)::int AS leased FROM tasks WHERE model = $1 AND lease_until IS NOT NULL',
      [model],
    );
    return rows[0]!.leased;
  }

  /**
   * How many tasks would be handed out before each of these that wait: an account's n-th most important task goes at its n-th turn.
   */
  async positionsOf(manager: EntityManager, ids: string[]): Promise<{ id: string; position: number }[]> {
    return manager.query(
      `WITH account AS (
         SELECT model, owner_id, id, turn,
                row_number() OVER (PARTITION BY model, owner_id ORDER BY turn, id) AS nth,
                row_number() OVER (PARTITION BY model, owner_id ORDER BY priority DESC, id) AS rank
         FROM tasks JOIN (SELECT DISTINCT model, owner_id FROM tasks WHERE id = ANY($1)) wanted USING (model, owner_id)
         WHERE ${waits}
       )
       SELECT task.id, (
         SELECT count(*)::int FROM tasks WHERE model = task.model AND ${waits} AND (turn, id) < (slot.turn, slot.id)
       ) AS position
       FROM account task JOIN account slot
         ON slot.model = task.model AND slot.owner_id = task.owner_id AND slot.nth = task.rank
       WHERE task.id = ANY($1)`,
      [ids],
    );
  }
}
