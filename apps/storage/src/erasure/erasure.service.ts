import { Injectable } from '@nestjs/common';
import type { ErasureFinding } from '#persistence';
import { EndedTasksRepository } from '../ended-tasks/ended-tasks.repository.js';
import { FilesRepository } from '../files/files.repository.js';
import { RemovalsRepository } from '../files/removals.repository.js';
import { prefixesOf } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { UploadsRepository } from '../uploads/uploads.repository.js';

/** Removed at once, over connections that others need too. */
const portion = 25;
/** Of what has no row. There is seldom any; what is more is for the next look. */
const strays = 200;

/** Removes the files of an erased account, and all that lies in the store for it. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly files: FilesRepository,
    private readonly removals: RemovalsRepository,
    private readonly uploads: UploadsRepository,
    private readonly endedTasks: EndedTasksRepository,
    private readonly store: S3Client,
  ) {}

  /**
   * Uploads under way are waited for: they find out by themselves that the account is gone, and withdraw what they wrote; one that
   * crashed is the sweeper's.
   */
  async eraseSome(ownerId: string): Promise<ErasureFinding> {
    await this.endedTasks.forget(ownerId);
    await this.removals.forgetOwner(ownerId);
    await this.uploads.discardUnused(ownerId);
    if (await this.removeFiles(ownerId)) return 'removed';
    if (await this.clearStore(ownerId)) return 'waiting';
    return (await this.uploads.hasAny(ownerId)) ? 'waiting' : 'nothing';
  }

  /** The object goes before the row: whatever happens in between, the row still leads to the object. */
  private async removeFiles(ownerId: string): Promise<boolean> {
    const files = await this.files.someOf(ownerId, portion);
    await Promise.all(files.map(({ objectKey }) => this.store.remove(objectKey)));
    await this.files.remove(files.map(({ id }) => id));
    return files.length > 0;
  }

  /** Outputs nobody adopted, and whatever came late. Resolves to whether something is there even after it was removed. */
  private async clearStore(ownerId: string): Promise<boolean> {
    for (const prefix of prefixesOf(ownerId)) {
      if ((await this.clear(prefix)) > 0 && (await this.clear(prefix)) > 0) return true;
    }
    return false;
  }

  private async clear(prefix: string): Promise<number> {
    const { objects } = await this.store.page(prefix);
    for (const { key } of objects.slice(0, strays)) await this.store.remove(key);
    return objects.length + (await this.store.abortUploadsBelow(prefix));
  }
}
