import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { keptPrefixes } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { compare, type Comparison } from './comparison.js';
import { ReconciliationRepository } from './reconciliation.repository.js';

const hour = 3_600_000;
const day = 24 * hour;
const pageSize = 1000;

/**
 * Makes the store and the files agree, an hour after the start and then once a day: what no other sweeper leads to any more is found
 * here. A thousand keys at a time; every step may be repeated and run in several replicas at once. When the two hardly belong together,
 * nothing is removed.
 */
@Injectable()
export class ReconciliationService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ReconciliationService.name);
  private readonly work = new RecurringWork(ReconciliationService.name, hour, () => this.round());
  private lastAt = -Infinity;

  constructor(
    private readonly files: ReconciliationRepository,
    private readonly store: S3Client,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** Objects without a file, and files without an object, that were there a day before `now` already. */
  async reconcile(now: Date): Promise<void> {
    if ((await this.store.page('')).objects.length === 0 && (await this.files.hasFiles())) {
      this.logger.error('the bucket is empty, but there are files: is it the right one? Nothing was removed');
      return;
    }
    for (const prefix of keptPrefixes) await this.walk(prefix, new Date(now.getTime() - day));
  }

  private async round(): Promise<void> {
    if (Date.now() - this.lastAt < day) return;
    await this.reconcile(new Date());
    this.lastAt = Date.now();
  }

  private async walk(prefix: string, limit: Date): Promise<void> {
    let after: string | undefined = '';
    while (after !== undefined && !this.work.stopping) {
      const { objects, more } = await this.store.page(prefix, after);
      const rows = await this.files.keysBelow(prefix, after, pageSize + 1); // read after the objects: their files are there by now
      const files = { items: rows.slice(0, pageSize), more: rows.length > pageSize };
      const found = compare({ items: objects, more }, files, limit);
      if (found.doubtful) this.doubt(prefix, found);
      else await this.remove(found, limit);
      after = found.next;
    }
  }

  private doubt(prefix: string, { strays, lost }: Comparison): void {
    this.logger.error({
      msg: 'the store and the database hardly belong together: nothing was removed',
      prefix,
      objects_without_file: strays.length,
      files_without_object: lost.length,
    });
  }

  private async remove({ strays, lost }: Comparison, limit: Date): Promise<void> {
    for (const key of strays) await this.removeStray(key, limit);
    const gone: string[] = [];
    for (const key of lost) if (!(await this.store.writtenAt(key))) gone.push(key);
    if (gone.length === 0) return;
    const file_ids = await this.files.removeLost(gone, limit);
    this.logger.error({ msg: 'files were removed whose objects the store has lost', file_ids });
  }

  /** Asked again before it goes: it may be on its way to become a file at this moment. */
  private async removeStray(key: string, limit: Date): Promise<void> {
    const writtenAt = await this.store.writtenAt(key);
    if (!writtenAt || writtenAt >= limit || (await this.files.standsFor(key))) return;
    await this.store.remove(key);
    this.logger.warn({ msg: 'an object was removed that no file stood for', key });
  }
}
