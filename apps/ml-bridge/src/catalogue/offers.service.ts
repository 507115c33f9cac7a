import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelOffered } from '#contracts';
import { announce, RecurringWork } from '#persistence';
import { TransportsService } from '../transports/transports.service.js';
import type { CatalogueModel } from './catalogue-model.js';
import { CatalogueService } from './catalogue.service.js';

const lookEveryMs = 1000;
const repeatEveryMs = 20_000;

/** Announces each model of the catalogue at the start, whenever the number of its workers changes, and now and then in between. */
@Injectable()
export class OffersService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OffersService.name);
  private readonly announced = new Map<string, { slots: number; at: number }>();
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
    await Promise.all(this.catalogue.all().map((model) => this.lookAt(model, Date.now())));
  }

  private async lookAt(model: CatalogueModel, now: number): Promise<void> {
    const { offer } = model;
    const slots = Math.min(await this.transports.countSlots(model), model.slots ?? Number.MAX_SAFE_INTEGER);
    const last = this.announced.get(offer.id);
    if (last?.slots === slots && now - last.at < repeatEveryMs) return;
    await this.database.transaction((tx) => announce(tx, modelOffered, { ...offer, slots }));
    this.announced.set(offer.id, { slots, at: now });
    if (last?.slots !== slots) this.logger.log({ model: offer.id, slots });
  }
}
