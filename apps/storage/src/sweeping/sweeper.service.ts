import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FilesRepository } from '../files/files.repository.js';
import { inputKey, temporaryPrefix } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
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
  private readonly logger = new Logger(SweeperService.name);
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly files: FilesRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.every(this.config.SWEEP_INTERVAL_MS, () => this.sweepUploads());
    this.every(this.config.SWEEP_INTERVAL_MS, () => this.sweepPictures());
    this.every(hour, () => this.sweepStore(new Date()));
  }

  onModuleDestroy(): void {
    this.timers.forEach((timer) => clearInterval(timer));
  }

  /** Pictures that nobody used for `RETENTION_DAYS` become abandoned uploads, which the next sweep of those removes. */
  async sweepPictures(): Promise<void> {
    if (this.config.RETENTION_DAYS > 0) await this.files.abandonUnused(this.config.RETENTION_DAYS, batch);
  }

  /** The object goes before the row: whatever happens in between, the row still leads to the object. */
  async sweepUploads(): Promise<void> {
    const abandoned = await this.uploads.abandoned(batch);
    for (const { id, ownerId } of abandoned) await this.store.remove(inputKey(ownerId, id));
    await this.uploads.discard(abandoned.map(({ id }) => id));
  }

  /** Removes outputs and gives up multipart uploads that are older than a day. */
  async sweepStore(now: Date): Promise<void> {
    const limit = new Date(now.getTime() - day);
    for (const { key } of await this.store.objectsBelow(temporaryPrefix, limit)) await this.store.remove(key);
    await this.store.abortUploadsBelow('', limit);
  }

  private every(milliseconds: number, sweep: () => Promise<void>): void {
    const run = (): void => {
      sweep().catch((error: Error) => this.logger.warn(`sweeping again later: ${error.message}`));
    };
    this.timers.push(setInterval(run, milliseconds));
  }
}
