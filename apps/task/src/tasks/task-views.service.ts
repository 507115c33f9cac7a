import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TaskView } from '#contracts';
import { EtaService } from '../queue/eta.service.js';
import { QueueService } from '../queue/queue.service.js';
import { TaskConfig } from '../task.config.js';
import type { Task } from './task.js';
import { viewOf } from './task-view.js';

/**
 * Tasks as their owners see them, with what is only known by looking at the others: the place in the queue, and what time it will
 * take. It looks through the manager it is given: in a transaction it must not wait for a second connection.
 */
@Injectable()
export class TaskViewsService {
  constructor(
    private readonly queue: QueueService,
    private readonly etas: EtaService,
    private readonly config: TaskConfig,
  ) {}

  async of(manager: EntityManager, task: Task): Promise<TaskView> {
    const [view] = await this.ofAll(manager, [task]);
    return view!;
  }

  /** In the order of the tasks. */
  async ofAll(manager: EntityManager, tasks: Task[]): Promise<TaskView[]> {
    const positions = await this.queue.positionsOf(manager, tasks);
    const etas = await this.etas.of(manager, tasks, positions);
    return tasks.map((task) =>
      viewOf(task, {
        position: positions.get(task.id) ?? null,
        eta: etas.get(task.id) ?? null,
        retentionDays: this.config.RETENTION_DAYS,
      }),
    );
  }

  /** As it was once: what was expected then is not kept. */
  past(task: Task): TaskView {
    return viewOf(task, { position: null, eta: null, retentionDays: this.config.RETENTION_DAYS });
  }
}
