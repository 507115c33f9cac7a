import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { taskCancelRequested } from '#contracts';
import { announce, type ErasureFinding } from '#persistence';
import { IdempotencyKeysRepository } from '../idempotency/idempotency-keys.repository.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { WebhookSecretsRepository } from '../webhook-secrets/webhook-secrets.repository.js';

/** Few enough that nobody waits noticeably for the transaction that removes them. */
const portion = 500;

/** Removes what there is of an erased account: its tasks, the keys of its requests, its share of the queue, and the generation of its webhook secret. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly keys: IdempotencyKeysRepository,
    private readonly queue: QueueRepository,
    private readonly secrets: WebhookSecretsRepository,
  ) {}

  /** Unfinished tasks go first, and whoever runs one is told to stop. What its worker still says is about a task that is not there. */
  eraseSome(ownerId: string): Promise<ErasureFinding> {
    return this.database.transaction(async (tx) => {
      const tasks = await this.tasks.lockSomeOf(tx, ownerId, portion);
      if (tasks.length === 0) return this.eraseRest(tx, ownerId);
      for (const { id, attempt, handedOut } of tasks) {
        if (handedOut) await announce(tx, taskCancelRequested, { task_id: id, attempt, reason: 'user' });
      }
      await this.tasks.remove(
        tx,
        tasks.map(({ id }) => id),
      );
      return 'removed';
    });
  }

  /** What is made for tasks while there are some, when there are none any more. */
  private async eraseRest(tx: EntityManager, ownerId: string): Promise<ErasureFinding> {
    if (await this.tasks.hasAny(tx, ownerId)) return 'waiting';
    const keys = await this.keys.removeSomeOf(tx, ownerId, portion);
    const shares = await this.queue.removeShares(tx, ownerId);
    const secrets = await this.secrets.remove(tx, ownerId);
    if (keys > 0 || shares || secrets) return 'removed';
    return (await this.keys.hasAny(tx, ownerId)) ? 'waiting' : 'nothing';
  }
}
