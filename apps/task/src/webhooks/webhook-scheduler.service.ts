import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import type { FinalStatus } from '#contracts';
import type { Task } from '../tasks/task.js';
import { TaskViewsService } from '../tasks/task-views.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { newDelivery } from './delivery.js';

/** Has the end of a task told to whoever its owner named. */
@Injectable()
export class WebhookScheduler {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly views: TaskViewsService,
  ) {}

  /** Writes the announcement down in the transaction that ends the task: both are there, or neither. */
  async schedule(tx: EntityManager, task: Task, now: Date): Promise<void> {
    if (task.webhookUrl === null) return;
    const type = `task.${task.status as FinalStatus}` as const;
    const body = JSON.stringify({ type, timestamp: now.toISOString(), data: this.views.past(task) });
    await this.deliveries.insert(tx, newDelivery(uuidv7(), task, { type, url: task.webhookUrl, body }, now));
  }
}
