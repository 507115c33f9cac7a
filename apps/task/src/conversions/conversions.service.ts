import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ConvertTask, CreatedTask } from '#contracts';
import { RequestResolver } from '../models/request-resolver.service.js';
import { TaskCreationService } from '../tasks/task-creation.service.js';
import { noSuchTask, TasksRepository } from '../tasks/tasks.repository.js';
import { glbOf, requestOf } from './conversion.js';

/** Makes tasks that bring the model of a finished task into other formats. */
@Injectable()
export class ConversionsService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly resolver: RequestResolver,
    private readonly creation: TaskCreationService,
  ) {}

  convert(conversion: ConvertTask): Promise<CreatedTask> {
    return this.creation.make(conversion, async (now) => {
      const { source_task_id, owner_id } = conversion;
      const source = await this.tasks.find(this.database.manager, source_task_id, owner_id);
      if (!source) throw noSuchTask();
      const task = await this.resolver.resolve(requestOf(conversion, glbOf(source)), now);
      return { ...task, sourceTaskId: source_task_id };
    });
  }
}
