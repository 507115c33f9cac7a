import { Injectable, Logger } from '@nestjs/common';
import { Problem } from '#contracts';
import type { StoredFile } from '../files/file.js';
import { nameFor } from '../files/filename.js';
import { inputKey } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import type { CheckedContent } from './checking.service.js';
import { InputsRepository } from './inputs.repository.js';
import { brokenOff } from '../spooling/received-file.js';
import { type ClaimedUpload, UploadsRepository } from './uploads.repository.js';

/** Makes files of what was checked: the object first, then the row that makes it count. */
@Injectable()
export class KeepingService {
  private readonly logger = new Logger(KeepingService.name);

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly inputs: InputsRepository,
    private readonly store: S3Client,
  ) {}

  /**
   * The file that the same bytes have become before, in which this upload ends; undefined when there is none, but room for one. That
   * is looked at once more in the end.
   */
  async again({ id, ownerId }: ClaimedUpload, sentSha256: string): Promise<StoredFile | undefined> {
    const same = await this.uploads.end(id, (tx) => this.inputs.again(tx, { ownerId, sentSha256 }));
    if (!same) await this.inputs.expectRoom(ownerId);
    return same;
  }

  /** The file that this upload has become; when another one of the same bytes was faster, that file. */
  async keep(upload: ClaimedUpload, content: CheckedContent, signal: AbortSignal): Promise<StoredFile> {
    const file = fileOf(upload, content);
    try {
      await this.store.putFile(file.objectKey, content.path, file.sizeBytes, file.mediaType);
      if (signal.aborted) throw brokenOff();
      const kept = await this.uploads.finish(file.id, (tx) => this.inputs.add(tx, file, content.sentSha256));
      if (kept.id !== file.id) await this.withdraw(file);
      return kept;
    } catch (error) {
      await this.withdraw(file);
      throw error;
    }
  }

  /** What cannot be removed now is left to the sweeper, which finds it by its upload. */
  private async withdraw({ id, objectKey }: StoredFile): Promise<void> {
    try {
      if (!(await this.uploads.isOpen(id))) return; // it did become a file: only the answer to the commit was lost
      await this.store.expectToAnswer();
      await this.store.remove(objectKey);
      await this.uploads.discard([id]);
    } catch (error) {
      const reason = error instanceof Problem ? error.message : error;
      this.logger.warn({ msg: 'an upload is left to the sweeper', file_id: id, err: reason });
    }
  }
}

const fileOf = ({ id, ownerId, filename }: ClaimedUpload, content: CheckedContent): StoredFile => ({
  id,
  ownerId,
  kind: 'input',
  filename: nameFor(filename, content.mediaType),
  mediaType: content.mediaType,
  sizeBytes: content.sizeBytes,
  sha256: content.sha256,
  width: content.width,
  height: content.height,
  taskId: null,
  objectKey: inputKey(ownerId, id),
  createdAt: new Date(),
});
