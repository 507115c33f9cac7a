import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { HoldsRepository } from '../holds/holds.repository.js';
import type { EndedTask } from './ended-task.js';
import { EndedTasksRepository } from './ended-tasks.repository.js';
import { EndedTasksService, type Look } from './ended-tasks.service.js';

const tickEveryMs = 1000;
const hour = 3_600_000;

/**
 * Looks after tasks that have ended, whenever one is due. What is to be done is in the table alone: any replica goes on with it, also
 * after a restart; while the store is away, a task is looked after again a minute later.
 */
@Injectable()
export class EndedTasksSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly work = new RecurringWork(EndedTasksSweeper.name, tickEveryMs, () => this.round());
  private readonly forgetting = new RecurringWork(EndedTasksSweeper.name, hour, () => this.holds.forgetPast());

  constructor(
    private readonly tasks: EndedTasksRepository,
    private readonly service: EndedTasksService,
    private readonly holds: HoldsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.forgetting.start();
  }

  /** Finishes the look at hand; the rest is somebody else's. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.work.stop(), this.forgetting.stop()]);
  }

  wake(): void {
    this.work.wake();
  }

  private async round(): Promise<void> {
    while (!this.work.stopping) {
      const task = await this.tasks.claim();
      if (!task) return;
      await this.note(task, await this.service.clearSome(task));
    }
  }

  private note(task: EndedTask, look: Look): Promise<void> {
    if (look === 'removed') return this.tasks.lookNow(task.taskId);
    return look === 'held' ? this.tasks.awaitHolds(task) : this.tasks.settle(task);
  }
}
