import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FilesOfTask, HeldFiles, HoldFiles, Nothing } from '#contracts';
import { EndedTasksRepository } from '../ended-tasks/ended-tasks.repository.js';
import { viewOf } from '../files/file.js';
import { HoldsRepository } from './holds.repository.js';

/** Keeps files for the tasks that need them. A hold ends with its task, at the latest at the time it was made for. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly database: DataSource,
    private readonly holds: HoldsRepository,
    private readonly endedTasks: EndedTasksRepository,
  ) {}

  /** Said again it lasts as long as the longer of the two; a task that has ended holds nothing. */
  async hold({ owner_id, task_id, file_ids, until }: HoldFiles): Promise<HeldFiles> {
    const fileIds = [...new Set(file_ids.map((id) => id.toLowerCase()))];
    const hold = { ownerId: owner_id, taskId: task_id, fileIds, until: new Date(until) };
    const files = await this.holds.hold(hold, (tx) => this.endedTasks.holdGoing(tx, task_id));
    return { files: files.map(viewOf) };
  }

  async release({ owner_id, task_id }: FilesOfTask): Promise<Nothing> {
    await this.database.transaction((tx) => this.holds.release(tx, task_id, owner_id));
    return {};
  }
}
