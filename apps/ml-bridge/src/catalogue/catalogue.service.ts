import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelOffered } from '#contracts';
import { announce, RecurringWork } from '#persistence';
import { WorkerClient } from '../workers/worker.client.js';
import { catalogue, type CatalogueEntry } from './catalogue.js';

const lookEveryMs = 1000;
const repeatEveryMs = 20_000;

/** Announces each model of the catalogue at the start, whenever the number of its workers changes, and now and then in between. */
@Injectable()
export class CatalogueService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CatalogueService.name);
  private readonly announced = new Map<string, { slots: number; at: number }>();
  private readonly work = new RecurringWork(CatalogueService.name, lookEveryMs, () => this.look());

  constructor(
    private readonly database: DataSource,
    private readonly workers: WorkerClient,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async look(): Promise<void> {
    for (const entry of catalogue) await this.lookAt(entry, Date.now());
  }

  private async lookAt({ pool, ...offer }: CatalogueEntry, now: number): Promise<void> {
    const slots = await this.workers.countWorkers(pool);
    const last = this.announced.get(offer.id);
    if (last?.slots === slots && now - last.at < repeatEveryMs) return;
    await this.database.transaction((tx) => announce(tx, modelOffered, { ...offer, slots }));
    this.announced.set(offer.id, { slots, at: now });
    if (last?.slots !== slots) this.logger.log({ model: offer.id, slots });
  }
}
