import { Injectable, Logger } from '@nestjs/common';
import { holdFiles, Problem, releaseFiles } from '#contracts';
import { RpcClient } from '#messaging';
import type { Task } from '../tasks/task.js';
import { faultsOf, fileIdsOf } from './input-files.js';

/** A task that expires at its deadline ends a little later, and its worker's addresses are good for as long. */
const graceMs = 15 * 60_000;

/** Keeps the files that a task starts from, until the storage service hears that it has ended. */
@Injectable()
export class InputFilesService {
  private readonly logger = new Logger(InputFilesService.name);

  constructor(private readonly rpc: RpcClient) {}

  /** Throws `file_not_found`, and holds nothing, when one is not there, of somebody else, or of another kind. */
  async hold(task: Task): Promise<void> {
    const fileIds = fileIdsOf(task);
    if (fileIds.length === 0) return;
    const { files } = await this.rpc.call(holdFiles, {
      owner_id: task.ownerId,
      task_id: task.id,
      file_ids: fileIds,
      until: new Date(task.deadlineAt.getTime() + graceMs).toISOString(),
    });
    const errors = faultsOf(task, files);
    if (errors.length === 0) return;
    await this.release(task);
    throw new Problem('file_not_found', undefined, { errors });
  }

  /** For a task that was not made after all. Never rejects: what is not let go now is when its time is over. */
  async release(task: Task): Promise<void> {
    if (fileIdsOf(task).length === 0) return;
    try {
      await this.rpc.call(releaseFiles, { owner_id: task.ownerId, task_id: task.id });
    } catch (error) {
      this.logger.warn({ task_id: task.id, err: error });
    }
  }
}
