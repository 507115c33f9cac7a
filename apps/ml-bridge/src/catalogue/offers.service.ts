import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { catalogueChanged, modelOffered } from '#contracts';
import { announce, RecurringWork } from '#persistence';
import { metrics } from '#telemetry';
import { TransportsService } from '../transports/transports.service.js';
import type { CatalogueModel } from './catalogue-model.js';
import { CatalogueService } from './catalogue.service.js';

const lookEveryMs = 1000;
const repeatEveryMs = 20_000;
const settledAfterMs = 60_000;
const countWithinMs = 4000;

/**
 * Announces each model of the catalogue at the start, whenever it or the number of its workers changes, and now and then in between.
 * Which models there are it announces at the start and whenever that changes, and once more a minute later, in case an offer of before came
 * late; not more often, as another replica may have the new version of the file earlier than this one.
 */
@Injectable()
export class OffersService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OffersService.name);
  /** What was announced last of each model. */
  private readonly announced = new Map<string, { text: string; at: number }>();
  private catalogueAnnounced = { text: '', at: 0, times: 0 };
  private readonly slots = new Map<string, number>();
  private forgetSlots = (): void => undefined;
  private readonly work = new RecurringWork(OffersService.name, lookEveryMs, () => this.look());

  constructor(
    private readonly database: DataSource,
    private readonly catalogue: CatalogueService,
    private readonly transports: TransportsService,
  ) {}

  onApplicationBootstrap(): void {
    this.forgetSlots = metrics.slots.from(() =>
      [...this.slots].map(([model, value]) => ({ labels: { model }, value })),
    );
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    this.forgetSlots();
    return this.work.stop();
  }

  private async look(): Promise<void> {
    const models = this.catalogue.all();
    await this.sayWhichThereAre(models.map(({ offer }) => offer.id).toSorted());
    await Promise.all(models.map((model) => this.lookAt(model)));
  }

  /** One that comes back is offered at once. */
  private async sayWhichThereAre(ids: string[]): Promise<void> {
    const text = JSON.stringify(ids);
    const { text: before, at, times } = this.catalogueAnnounced;
    const now = Date.now();
    if (before === text && (times > 1 || now - at < settledAfterMs)) return;
    await this.database.transaction((tx) => announce(tx, catalogueChanged, { ids }));
    for (const id of this.announced.keys()) if (!ids.includes(id)) this.announced.delete(id);
    this.catalogueAnnounced = { text, at: now, times: before === text ? times + 1 : 1 };
  }

  private async lookAt(model: CatalogueModel): Promise<void> {
    const { offer } = model;
    const slots = Math.min(await this.countSlots(model), model.slots ?? Number.MAX_SAFE_INTEGER);
    if (this.slots.get(offer.id) !== slots) this.logger.log({ model: offer.id, slots });
    this.slots.set(offer.id, slots);
    const offered = { ...offer, slots };
    const text = JSON.stringify(offered);
    const last = this.announced.get(offer.id);
    const now = Date.now();
    if (last?.text === text && now - last.at < repeatEveryMs) return;
    await this.database.transaction((tx) => announce(tx, modelOffered, offered));
    this.announced.set(offer.id, { text, at: now });
  }

  /** None where they cannot be counted: a broker or a server that is gone, or hangs, keeps no other model from being offered. */
  private async countSlots(model: CatalogueModel): Promise<number> {
    try {
      return await Promise.race([this.transports.countSlots(model), noneAfter(countWithinMs)]);
    } catch (error) {
      if (this.slots.get(model.offer.id) !== 0) this.logger.warn({ model: model.offer.id, err: error });
      return 0;
    }
  }
}

const noneAfter = (ms: number): Promise<number> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(0), ms).unref();
  });
