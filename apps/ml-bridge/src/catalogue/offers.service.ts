import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { catalogueChanged, modelOffered } from '#contracts';
import { announce, RecurringWork } from '#persistence';
import { TransportsService } from '../transports/transports.service.js';
import type { CatalogueModel } from './catalogue-model.js';
import { CatalogueService } from './catalogue.service.js';

const lookEveryMs = 1000;
const repeatEveryMs = 20_000;

/**
 * Announces each model of the catalogue at the start, whenever it or the number of its workers changes, and now and then in between;
 * and, just so, which models there are.
 */
@Injectable()
export class OffersService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OffersService.name);
  /** What was announced last of each model, and under the empty name of the catalogue itself. */
  private readonly announced = new Map<string, { text: string; at: number }>();
  private readonly slots = new Map<string, number>();
  private readonly work = new RecurringWork(OffersService.name, lookEveryMs, () => this.look());

  constructor(
    private readonly database: DataSource,
    private readonly catalogue: CatalogueService,
    private readonly transports: TransportsService,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async look(): Promise<void> {
    const models = this.catalogue.all();
    this.forgetAllBut(models);
    const ids = models.map(({ offer }) => offer.id).toSorted();
    await this.sayOnce('', JSON.stringify(ids), async () =>
      this.database.transaction((tx) => announce(tx, catalogueChanged, { ids })),
    );
    await Promise.all(models.map((model) => this.lookAt(model)));
  }

  /** One that comes back is announced at once. */
  private forgetAllBut(models: readonly CatalogueModel[]): void {
    const ids = new Set(['', ...models.map(({ offer }) => offer.id)]);
    for (const id of this.announced.keys()) if (!ids.has(id)) this.announced.delete(id);
  }

  private async lookAt(model: CatalogueModel): Promise<void> {
    const { offer } = model;
    const slots = Math.min(await this.countSlots(model), model.slots ?? Number.MAX_SAFE_INTEGER);
    if (this.slots.get(offer.id) !== slots) this.logger.log({ model: offer.id, slots });
    this.slots.set(offer.id, slots);
    const offered = { ...offer, slots };
    await this.sayOnce(offer.id, JSON.stringify(offered), async () =>
      this.database.transaction((tx) => announce(tx, modelOffered, offered)),
    );
  }

  /** None where they cannot be counted: one model's broker or server that is gone keeps no other model from being offered. */
  private async countSlots(model: CatalogueModel): Promise<number> {
    try {
      return await this.transports.countSlots(model);
    } catch (error) {
      if (this.slots.get(model.offer.id) !== 0) this.logger.warn({ model: model.offer.id, err: error });
      return 0;
    }
  }

  /** Unless the same was said a short while ago. */
  private async sayOnce(subject: string, text: string, say: () => Promise<void>): Promise<void> {
    const last = this.announced.get(subject);
    const now = Date.now();
    if (last?.text === text && now - last.at < repeatEveryMs) return;
    await say();
    this.announced.set(subject, { text, at: now });
  }
}
