import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan } from 'typeorm';
import { Problem, type TaskStatus } from '#contracts';
import { TaskEntity } from './task.entity.js';
import type { Task } from './task.js';

/** What a sweep looks for. */
export type Overdue = 'lease' | 'deadline' | 'cancel';

const overdue: Record<Overdue, { condition: string; since: string }> = {
  lease: { condition: 'task.lease_until < now()', since: 'task.leaseUntil' },
  deadline: {
    condition: "task.deadline_at < now() AND task.status IN ('queued', 'running')",
    since: 'task.deadlineAt',
  },
  cancel: {
    condition: "task.status = 'canceling' AND task.cancel_requested_at < now() - make_interval(secs => :seconds)",
    since: 'task.cancelRequestedAt',
  },
};

/** Which of an owner's tasks are asked for. */
export interface TaskFilter {
  status?: TaskStatus | undefined;
  before?: string | undefined;
  limit: number;
}

/** What has to be known of a task to remove it. */
export interface TaskToRemove {
  id: string;
  attempt: number;
  /** Whether somebody runs it, or is about to. */
  handedOut: boolean;
}

/** Every query about tasks; a write takes the transaction it belongs to. */
@Injectable()
export class TasksRepository {
  constructor(private readonly database: DataSource) {}

  async insert(tx: EntityManager, task: Task): Promise<void> {
    const row = task as never;
    await tx.createQueryBuilder().insert().into(TaskEntity).values(row).updateEntity(false).execute();
  }

  exists(tx: EntityManager, id: string): Promise<boolean> {
    return tx.existsBy(TaskEntity, { id });
  }

  /** A task that its owner removed is not found. */
  find(manager: EntityManager, id: string, ownerId: string): Promise<Task | null> {
    return manager.findOneBy(TaskEntity, { id, ownerId, removedAt: IsNull() });
  }

  /** Up to `limit` tasks of an owner, newest first, from the one before `before` on. */
  list(ownerId: string, { status, before, limit }: TaskFilter): Promise<Task[]> {
    return this.database.manager.find(TaskEntity, {
      where: {
        ownerId,
        removedAt: IsNull(),
        ...(status ? { status } : {}),
        ...(before ? { id: LessThan(before) } : {}),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** The owner's task, locked until the transaction ends: two actions on one task wait for each other. */
  async lockOwned(tx: EntityManager, id: string, ownerId: string): Promise<Task> {
    const task = await tx.findOne(TaskEntity, {
      where: { id, ownerId, removedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (!task) throw noSuchTask();
    return task;
  }

  /** Any task, locked: for what the workers say, which names no owner. */
  async lock(tx: EntityManager, id: string): Promise<Task | null> {
    return tx.findOne(TaskEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Writes down what is another value after a change. */
  async save(tx: EntityManager, before: Task, after: Task): Promise<void> {
    const changes = Object.entries(after).filter(([name, value]) => value !== before[name as keyof Task]);
    if (changes.length > 0) await tx.update(TaskEntity, { id: before.id }, Object.fromEntries(changes));
  }

  /** Makes the counting and inserting of one account's tasks take turns until the transaction ends. */
  async lockAccount(tx: EntityManager, ownerId: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [ownerId]);
  }

  async countUnfinished(tx: EntityManager, ownerId: string): Promise<{ queued: number; running: number }> {
    const rows = await tx.query<{ queued: number; running: number }[]>(
      `SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued,
              count(*) FILTER (WHERE status <> 'queued')::int AS running
       FROM tasks WHERE owner_id = $1 AND completed_at IS NULL`,
      [ownerId],
    );
    return rows[0]!;
  }

  /** Up to `limit` overdue tasks, longest overdue first, locked; those that somebody else has locked are passed over. */
  async lockOverdue(tx: EntityManager, what: Overdue, confirmSeconds: number, limit: number): Promise<Task[]> {
    const { condition, since } = overdue[what];
    return tx
      .createQueryBuilder(TaskEntity, 'task')
      .where(condition, { seconds: confirmSeconds })
      .orderBy(since)
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
  }

  /** Up to `limit` tasks of an owner, unfinished ones first, locked; those that somebody works on are passed over. */
  async lockSomeOf(tx: EntityManager, ownerId: string, limit: number): Promise<TaskToRemove[]> {
    return tx.query(
      `SELECT id, attempt, lease_until IS NOT NULL AS "handedOut" FROM tasks WHERE owner_id = $1
       ORDER BY completed_at IS NOT NULL, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [ownerId, limit],
    );
  }

  async hasAny(tx: EntityManager, ownerId: string): Promise<boolean> {
    return tx.existsBy(TaskEntity, { ownerId });
  }

  /** Up to `limit` tasks that ended so many days ago, locked; those that somebody else removes are passed over. */
  async lockExpired(tx: EntityManager, days: number, limit: number): Promise<Pick<Task, 'id' | 'ownerId'>[]> {
    return tx.query(
      `SELECT id, owner_id AS "ownerId" FROM tasks WHERE completed_at < now() - make_interval(days => $1)
       ORDER BY completed_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [days, limit],
    );
  }

  async remove(tx: EntityManager, ids: string[]): Promise<void> {
    await tx.query('DELETE FROM tasks WHERE id = ANY($1)', [ids]);
  }

  /**
   * After an outage of ours the workers' reports are still in the queue: nobody has lost a lease before they were read. Waits for nobody:
   * a task that is locked is being renewed or ended.
   */
  async extendLeases(seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE tasks SET lease_until = greatest(lease_until, now() + make_interval(secs => $1))
       WHERE id IN (SELECT id FROM tasks WHERE lease_until IS NOT NULL FOR UPDATE SKIP LOCKED)`,
      [seconds],
    );
  }
}

export const noSuchTask = (): Problem => new Problem('not_found', 'No such task');
