import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { databaseTime, migrate } from '#persistence';
import { type FreshDatabase, freshDatabase } from '#testing';
import { QueueRepository } from '../src/queue/queue.repository.js';
import { QueueService } from '../src/queue/queue.service.js';
import { TaskConfig } from '../src/task.config.js';
import { taskDatabase } from '../src/task.database.js';
import { TaskEntity } from '../src/tasks/task.entity.js';
import type { Task } from '../src/tasks/task.js';
import { aTask } from './a-task.js';

/** The queue of one model in a real database, without workers and without anybody who looks by himself. */
export class LiveQueue {
  model = '';
  readonly repository = new QueueRepository();
  readonly service: QueueService;

  private constructor(
    readonly config: TaskConfig,
    readonly database: DataSource,
    private readonly fresh: FreshDatabase,
  ) {
    this.service = new QueueService(this.repository, config);
  }

  static async open(): Promise<LiveQueue> {
    const fresh = await freshDatabase();
    const config = Object.assign(new TaskConfig(), { DATABASE_URL: fresh.urlOf('task'), DATABASE_POOL_SIZE: 4 });
    const database = await new DataSource(taskDatabase(config)).initialize();
    await migrate(database);
    return new LiveQueue(config, database, fresh);
  }

  async close(): Promise<void> {
    await this.database.destroy();
    await this.fresh.drop();
  }

  /** An empty queue of another model, without limits. */
  begin(): void {
    this.model = randomUUID();
    this.config.MAX_RUNNING_TASKS_PER_ACCOUNT = 0;
  }

  add(about: Partial<Task> = {}): Promise<Task> {
    return this.database.transaction(async (tx) => {
      const now = await databaseTime(tx);
      const deadlineAt = new Date(now.getTime() + 3_600_000);
      const waiting = aTask({ id: uuidv7(), model: this.model, createdAt: now, runAfter: now, deadlineAt, ...about });
      const task = await this.service.takeTurn(tx, waiting);
      await tx.insert(TaskEntity, task as never);
      return task;
    });
  }

  /** So many tasks of each of so many accounts, as if they had come one after the other. */
  async crowd(like: Task, accounts: number, tasks: number): Promise<void> {
    await this.database.query(
      `INSERT INTO tasks SELECT copy.* FROM tasks one, unnest($2::uuid[]) owner, generate_series(0, $3 - 1) round,
         LATERAL jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'owner_id', owner,
           'turn', round + nextval('queue_tickets') / 16777216.0)) copy
       WHERE one.id = $1`,
      [like.id, Array.from({ length: accounts }, () => randomUUID()), tasks],
    );
  }

  /** Hands the next task out as the dispatcher does; resolves to its id. */
  handOut(): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const id = await this.service.takeNext(tx, this.model);
      if (!id) return null;
      const task = await tx.findOneByOrFail(TaskEntity, { id });
      await this.service.passTurn(tx, task);
      await tx.update(TaskEntity, { id }, { leaseUntil: new Date(Date.now() + 3_600_000), leaseToken: 'x' });
      return id;
    });
  }

  async handOutAll(): Promise<string[]> {
    const order: string[] = [];
    for (let id = await this.handOut(); id; id = await this.handOut()) order.push(id);
    return order;
  }

  async end(id: string): Promise<void> {
    const sql = "UPDATE tasks SET status = 'succeeded', lease_until = NULL, completed_at = now() WHERE id = $1";
    await this.database.query(sql, [id]);
  }

  async positionOf(task: Task): Promise<number> {
    return (await this.service.positionsOf(this.database.manager, [task])).get(task.id)!;
  }
}
