import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { EndedTasksRepository } from './ended-tasks.repository.js';
import { EndedTasksService } from './ended-tasks.service.js';

const tickEveryMs = 1000;

/**
 * Looks after tasks that have ended, whenever one is due. What is to be done is in the table alone: any replica goes on with it, also
 * after a restart; while the store is away, a task is looked after again a minute later.
 */
@Injectable()
export class EndedTasksSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly work = new RecurringWork(EndedTasksSweeper.name, tickEveryMs, () => this.round());

  constructor(
    private readonly tasks: EndedTasksRepository,
    private readonly service: EndedTasksService,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  /** Finishes the look at hand; the rest is somebody else's. */
  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  wake(): void {
    this.work.wake();
  }

  private async round(): Promise<void> {
    while (!this.work.stopping) {
      const task = await this.tasks.claim();
      if (!task) return;
      if (await this.service.clearSome(task)) await this.tasks.settle(task);
      else await this.tasks.lookNow(task.taskId);
    }
  }
}
