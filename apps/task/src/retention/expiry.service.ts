import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TaskConfig } from '../task.config.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { TasksRepository } from '../tasks/tasks.repository.js';

/** Removes the tasks that ended longer ago than they are kept. */
@Injectable()
export class ExpiryService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly config: TaskConfig,
  ) {}

  /** Up to `limit` of them; resolves to how many. Each is announced once, also when several replicas look. */
  async removeSome(limit: number): Promise<number> {
    const { RETENTION_DAYS: days } = this.config;
    if (days === 0) return 0;
    return this.database.transaction(async (tx) => {
      const expired = await this.tasks.lockExpired(tx, days, limit);
      await this.changes.remove(tx, expired);
      return expired.length;
    });
  }
}
