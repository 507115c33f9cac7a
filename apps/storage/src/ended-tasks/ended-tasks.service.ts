import { Injectable } from '@nestjs/common';
import type { StoredFile } from '../files/file.js';
import { FilesRepository } from '../files/files.repository.js';
import { artifactsPrefix, outputsPrefix } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { type EndedTask, strays } from './ended-task.js';

/** Removed with one look, over connections that others need too. */
const portion = 100;

/** Removes what a task that has ended is not to keep. Every step may be repeated, and run in several replicas at once. */
@Injectable()
export class EndedTasksService {
  constructor(
    private readonly files: FilesRepository,
    private readonly store: S3Client,
  ) {}

  /** Removes a portion, in seconds at most. Resolves to whether nothing was there any more. */
  async clearSome(task: EndedTask): Promise<boolean> {
    const ofTask = await this.files.ofTask(task.taskId, task.ownerId);
    const [kept, unwanted] = [
      ofTask.filter(({ id }) => task.kept.includes(id)),
      ofTask.filter(({ id }) => !task.kept.includes(id)).slice(0, portion),
    ];
    await this.removeFiles(unwanted, kept);
    const [outputs, copies] = [outputsPrefix(task.ownerId, task.taskId), artifactsPrefix(task.ownerId, task.taskId)];
    const unknown = [...(await this.keysBelow(outputs)), ...strays(await this.keysBelow(copies), ofTask)];
    for (const key of unknown.slice(0, portion)) await this.store.remove(key);
    const aborted = await this.store.abortUploadsBelow(outputs);
    return unwanted.length + unknown.length + aborted === 0;
  }

  /** The object goes before the row: whatever happens in between, the row still leads to the object. Two files may share an object. */
  private async removeFiles(unwanted: StoredFile[], kept: StoredFile[]): Promise<void> {
    const keys = strays(
      unwanted.map(({ objectKey }) => objectKey),
      kept,
    );
    for (const key of keys) await this.store.remove(key);
    await this.files.remove(unwanted.map(({ id }) => id));
  }

  private async keysBelow(prefix: string): Promise<string[]> {
    return (await this.store.objectsBelow(prefix)).map(({ key }) => key);
  }
}
