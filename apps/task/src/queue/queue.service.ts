import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TaskConfig } from '../task.config.js';
import type { Task } from '../tasks/task.js';
import { QueueRepository } from './queue.repository.js';
import { turnFor } from './turn.js';

/** The order in which waiting tasks are handed out: fair between accounts, by priority within one. */
@Injectable()
export class QueueService {
  constructor(
    private readonly queue: QueueRepository,
    private readonly config: TaskConfig,
  ) {}

  /** The task with its place in the queue of its model. The transaction holds the lock of the account. */
  async takeTurn(tx: EntityManager, task: Task): Promise<Task> {
    return { ...task, turn: turnFor(await this.queue.standingOf(tx, task.model, task.ownerId)) };
  }

  /**
   * Gives the next turn of a model to the most important task of the account whose turn it is, which exchanges turns with the task that
   * had it. Resolves to its id, locked; null when nobody may go.
   */
  async takeNext(tx: EntityManager, model: string): Promise<string | null> {
    const next = await this.queue.lockNext(tx, model, this.config.MAX_RUNNING_TASKS_PER_ACCOUNT);
    if (!next) return null;
    if (next.id !== next.turnOf) {
      await this.queue.setTurn(tx, next.turnOf, next.turn);
      await this.queue.setTurn(tx, next.id, next.nextTurn);
    }
    return next.id;
  }

  /** To be told of every task that is handed out. */
  passTurn(tx: EntityManager, { model, ownerId, turn }: Task): Promise<void> {
    return this.queue.passTurn(tx, model, ownerId, turn);
  }

  /** How many tasks would be handed out before each of those that are queued; 0 for one that is with a worker already. */
  async positionsOf(manager: EntityManager, tasks: Task[]): Promise<Map<string, number>> {
    const queued = tasks.filter(({ status }) => status === 'queued').map(({ id }) => id);
    const positions = new Map(queued.map((id) => [id, 0]));
    if (queued.length === 0) return positions;
    for (const { id, position } of await this.queue.positionsOf(manager, queued)) positions.set(id, position);
    return positions;
  }
}
