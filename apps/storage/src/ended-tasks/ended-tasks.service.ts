import { Injectable } from '@nestjs/common';
import { FilesRepository } from '../files/files.repository.js';
import { RemovalsRepository } from '../files/removals.repository.js';
import { artifactsPrefix, outputsPrefix } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { type EndedTask, strays } from './ended-task.js';

/** Removed with one look, over connections that others need too. */
const portion = 100;

/** What a look at an ended task came to: it is done, there may be more to do, or other tasks still need some of its files. */
export type Look = 'done' | 'removed' | 'held';

/** Removes what a task that has ended is not to keep. Every step may be repeated, and run in several replicas at once. */
@Injectable()
export class EndedTasksService {
  constructor(
    private readonly files: FilesRepository,
    private readonly removals: RemovalsRepository,
    private readonly store: S3Client,
  ) {}

  /** Removes a portion, in seconds at most. Rows go before their objects: whatever has no row is removed by this look or the next. */
  async clearSome(task: EndedTask): Promise<Look> {
    const unwanted = (await this.files.ofTask(task.taskId, task.ownerId)).filter(({ id }) => !task.kept.includes(id));
    const removed = await this.removals.removeFree(unwanted.slice(0, portion).map(({ id }) => id));
    if (removed + (await this.clearStore(task)) > 0) return 'removed';
    return unwanted.length > 0 ? 'held' : 'done';
  }

  /** Outputs that nobody adopted, and objects that no file stands for. Two files may share an object. */
  private async clearStore({ taskId, ownerId }: EndedTask): Promise<number> {
    const outputs = outputsPrefix(ownerId, taskId);
    const files = await this.files.ofTask(taskId, ownerId);
    const copies = await this.keysBelow(artifactsPrefix(ownerId, taskId));
    const unknown = [...(await this.keysBelow(outputs)), ...strays(copies, files)];
    for (const key of unknown.slice(0, portion)) await this.store.remove(key);
    return unknown.length + (await this.store.abortUploadsBelow(outputs));
  }

  private async keysBelow(prefix: string): Promise<string[]> {
    return (await this.store.page(prefix)).objects.map(({ key }) => key);
  }
}
