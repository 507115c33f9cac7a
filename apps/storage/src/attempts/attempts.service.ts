import { Injectable } from '@nestjs/common';
import {
  type AttemptFiles,
  type AttemptInput,
  type AttemptOutput,
  type FileReference,
  type OpenAttempt,
  Problem,
  type PromisedOutput,
} from '#contracts';
import { EndedTasksRepository } from '../ended-tasks/ended-tasks.repository.js';
import type { StoredFile } from '../files/file.js';
import { FilesRepository } from '../files/files.repository.js';
import { attemptKey } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';

/** Prepares what a worker needs for one attempt. */
@Injectable()
export class AttemptsService {
  constructor(
    private readonly files: FilesRepository,
    private readonly endedTasks: EndedTasksRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {}

  /** Everything one attempt may read and write, as addresses that need no key and die with it. */
  async open(request: OpenAttempt): Promise<AttemptFiles> {
    await this.files.expectOwner(request.owner_id);
    await this.endedTasks.expectGoing(request.task_id);
    const inputs = await this.inputs(request.inputs, request.owner_id);
    const { delivered, expires_seconds, outside } = request;
    return {
      inputs: await Promise.all(inputs.map((file) => this.readable(file, request))),
      outputs: await Promise.all(request.outputs.map((output) => this.writable(output, request))),
      ...(delivered && {
        delivered_url: await this.store.presignRead(attemptKey(request, delivered), expires_seconds, outside),
      }),
    };
  }

  private async inputs(wanted: FileReference[], ownerId: string): Promise<StoredFile[]> {
    const ids = wanted.map(({ file_id }) => file_id);
    await this.files.touch(ids, ownerId);
    const found = new Map((await this.files.findSome(ids, ownerId)).map((file) => [file.id, file]));
    return ids.map((id) => {
      const file = found.get(id.toLowerCase());
      if (!file) throw new Problem('file_not_found', `No such file: ${id}`);
      return file;
    });
  }

  private async readable({ id, objectKey, ...file }: StoredFile, attempt: OpenAttempt): Promise<AttemptInput> {
    const url = await this.store.presignRead(objectKey, attempt.expires_seconds, attempt.outside);
    return { file_id: id, url, content_type: file.mediaType, bytes: file.sizeBytes, sha256: file.sha256 };
  }

  private async writable({ name, format }: PromisedOutput, attempt: OpenAttempt): Promise<AttemptOutput> {
    const url = await this.store.presignWrite(attemptKey(attempt, name), attempt.expires_seconds, attempt.outside);
    return { name, format, url, max_bytes: this.config.MAX_ARTIFACT_BYTES };
  }
}
