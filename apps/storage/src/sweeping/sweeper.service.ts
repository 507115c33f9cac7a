import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { RemovalsRepository } from '../files/removals.repository.js';
import { inputKey, temporaryPrefix } from '../objects/keys.js';
import { type ListedObject, type ObjectPage, S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';
import { UploadsRepository } from '../uploads/uploads.repository.js';

const hour = 3_600_000;
const day = 24 * hour;
const batch = 100;

/**
 * Clears away what crashes and broken connections leave: uploads that never became files, outputs nobody adopted, multipart uploads
 * nobody completed; and pictures that nobody uses. Every step may be repeated and run in several replicas at once.
 */
@Injectable()
export class SweeperService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly works: RecurringWork[];

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly removals: RemovalsRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {
    const every = (ms: number, sweep: () => Promise<void>) => new RecurringWork(SweeperService.name, ms, sweep);
    this.works = [
      every(config.SWEEP_INTERVAL_MS, () => this.sweepUploads()),
      every(config.SWEEP_INTERVAL_MS, () => this.sweepPictures()),
      every(config.SWEEP_INTERVAL_MS, () => this.sweepRemoved()),
      every(hour, () => this.sweepStore(new Date())),
    ];
  }

  onApplicationBootstrap(): void {
    for (const work of this.works) work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.works.map((work) => work.stop()));
  }

  /** Pictures that nobody used for `RETENTION_DAYS` become abandoned uploads, which the next sweep of those removes. */
  async sweepPictures(): Promise<void> {
    if (this.config.RETENTION_DAYS > 0) await this.removals.abandonUnused(this.config.RETENTION_DAYS, batch);
  }

  /** The object goes before the row: whatever happens in between, the row still leads to the object. */
  async sweepUploads(): Promise<void> {
    const abandoned = await this.uploads.abandoned(batch);
    for (const { id, ownerId } of abandoned) await this.store.remove(inputKey(ownerId, id));
    await this.uploads.discard(abandoned.map(({ id }) => id));
  }

  /** Objects of files that their owners removed. */
  async sweepRemoved(): Promise<void> {
    const removed = await this.removals.removedObjects(batch);
    for (const { key, needed } of removed) if (!needed) await this.store.remove(key);
    await this.removals.forget(removed.map(({ key }) => key));
  }

  /** Removes outputs and gives up multipart uploads that are older than a day. */
  async sweepStore(now: Date): Promise<void> {
    const limit = new Date(now.getTime() - day);
    for await (const { key, since } of this.temporaryObjects()) if (since < limit) await this.store.remove(key);
    await this.store.abortUploadsBelow('', limit);
  }

  private async *temporaryObjects(): AsyncGenerator<ListedObject> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const { objects, more }: ObjectPage = await this.store.page(temporaryPrefix, after);
      yield* objects;
      after = more ? objects.at(-1)?.key : undefined;
    }
  }
}
