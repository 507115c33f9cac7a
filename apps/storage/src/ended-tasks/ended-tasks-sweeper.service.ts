import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EndedTasksRepository } from './ended-tasks.repository.js';
import { EndedTasksService } from './ended-tasks.service.js';

const tickEveryMs = 1000;

/**
 * Looks after tasks that have ended, whenever one is due. What is to be done is in the table alone: any replica goes on with it, also
 * after a restart; while the store is away, a task is looked after again a minute later.
 */
@Injectable()
export class EndedTasksSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(EndedTasksSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  constructor(
    private readonly tasks: EndedTasksRepository,
    private readonly service: EndedTasksService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), tickEveryMs);
  }

  /** Finishes the look at hand; the rest is somebody else's. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  wake(): void {
    if (!this.timer || this.running) return;
    this.running = this.round()
      .catch((error: Error) => this.logger.warn(`looking again later: ${error.message}`))
      .finally(() => {
        this.running = null;
      });
  }

  private async round(): Promise<void> {
    while (this.timer) {
      const task = await this.tasks.claim();
      if (!task) return;
      if (await this.service.clearSome(task)) await this.tasks.settle(task);
      else await this.tasks.lookNow(task.taskId);
    }
  }
}
