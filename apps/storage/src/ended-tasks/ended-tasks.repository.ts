import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '#contracts';
import { holdAccount } from '#persistence';
import { HoldsRepository } from '../holds/holds.repository.js';
import { type EndedTask, nextLook } from './ended-task.js';

/** How long a look may take before another replica looks too: what is done twice does no harm. */
const lookTakes = '1 minute';

/** Every query about tasks that have ended. Time is the database's. */
@Injectable()
export class EndedTasksRepository {
  constructor(
    private readonly database: DataSource,
    private readonly holds: HoldsRepository,
  ) {}

  /**
   * From its commit on nothing is adopted for the task, and nothing held; what was adopted before can be seen by whoever looks then. Said again, it is
   * looked again.
   */
  async mark({ taskId, ownerId, kept }: Omit<EndedTask, 'looks'>, removed: boolean): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await holdAccount(tx, ownerId))) return; // everything of the account goes
      await tx.query(`SELECT pg_advisory_xact_lock(${lockOf})`, [taskId]);
      await tx.query(
        `INSERT INTO ended_tasks (task_id, owner_id, kept, removed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (task_id) DO UPDATE SET
           kept = CASE WHEN ended_tasks.removed THEN '{}' ELSE excluded.kept END,
           removed = ended_tasks.removed OR excluded.removed,
           ended_at = now(), look_at = now(), looks = 0`,
        [taskId, ownerId, removed ? [] : kept, removed],
      );
      await this.holds.release(tx, taskId, ownerId);
    });
  }

  /** Refuses what is begun for a task that has ended. */
  async expectGoing(taskId: string): Promise<void> {
    await refuseEnded(this.database.manager, taskId);
  }

  /** As `expectGoing`; the task goes on until the transaction ends: its end waits for it, and finds what it made. */
  async holdGoing(tx: EntityManager, taskId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared(${lockOf})`, [taskId]);
    await refuseEnded(tx, taskId); // a statement of its own: it has to see what was committed while the lock was waited for
  }

  /** The ended task that has waited longest for a look, taken away from all other replicas for a minute. */
  async claim(): Promise<EndedTask | undefined> {
    const [rows] = await this.database.query<[EndedTask[], number]>(
      `UPDATE ended_tasks SET look_at = now() + interval '${lookTakes}'
       WHERE task_id = (SELECT task_id FROM ended_tasks WHERE look_at <= now()
                        ORDER BY look_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING task_id AS "taskId", owner_id AS "ownerId", kept, looks`,
    );
    return rows[0];
  }

  /** Asks for a look, if the task has ended. */
  async lookNow(taskId: string): Promise<void> {
    await this.database.query('UPDATE ended_tasks SET look_at = now() WHERE task_id = $1', [taskId]);
  }

  /** Notes that a look found nothing, unless the end was said again meanwhile. */
  async settle({ taskId, looks }: EndedTask): Promise<void> {
    const next = nextLook(looks + 1);
    if (next === null) {
      await this.database.query(`DELETE FROM ended_tasks WHERE ${unchanged}`, [taskId, looks]);
      return;
    }
    await this.database.query(
      `UPDATE ended_tasks SET looks = looks + 1, look_at = ended_at + make_interval(secs => $3) WHERE ${unchanged}`,
      [taskId, looks, next],
    );
  }

  /** Looks again when no other task needs a file of it, or may no longer: each that ends asks for a look, too. */
  async awaitHolds({ taskId, looks }: EndedTask): Promise<void> {
    await this.database.query(
      `UPDATE ended_tasks SET look_at = coalesce(
         (SELECT max(held_until) FROM file_holds JOIN files ON files.id = file_id WHERE files.task_id = $1), now())
       WHERE ${unchanged}`,
      [taskId, looks],
    );
  }

  /** The account was erased: all that is in the store for it is looked for anyway. */
  async forget(ownerId: string): Promise<void> {
    await this.database.query('DELETE FROM ended_tasks WHERE owner_id = $1', [ownerId]);
  }
}

/** True of a task whose end was not said again since it was claimed, and that nobody has asked to look at. */
const unchanged = 'task_id = $1 AND looks = $2 AND look_at > now()';

async function refuseEnded(manager: EntityManager, taskId: string): Promise<void> {
  const ended: unknown[] = await manager.query('SELECT 1 FROM ended_tasks WHERE task_id = $1', [taskId]);
  if (ended.length > 0) throw new Problem('not_found', 'The task has ended');
}

const lockOf = `hashtextextended(current_schema()::text || ' ended ' || $1::uuid::text, 0)`;
