import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CatalogueChanged, ModelList, OfferedModel } from '#contracts';
import { databaseTime, once } from '#persistence';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { isReady, modelOf } from './model.js';
import { ModelsRepository } from './models.repository.js';

/** What can be asked for, as ml-bridge announces it. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly database: DataSource,
    private readonly models: ModelsRepository,
    private readonly dispatcher: Dispatcher,
  ) {}

  async list(): Promise<ModelList> {
    const now = await databaseTime(this.database.manager);
    const listed = await this.models.listWithDepth();
    return {
      models: listed.map(({ model, waiting }) => ({
        ...model.offer,
        status: isReady(model, now) ? 'ready' : 'unavailable',
        queue_depth: waiting,
      })),
    };
  }

  async takeIn(messageId: string, offered: OfferedModel): Promise<void> {
    await once(this.database, messageId, async (tx) => this.models.put(tx, modelOf(offered, await databaseTime(tx))));
    this.dispatcher.wake();
  }

  /** Forgets the models that are not in the catalogue any more. What waits for one of them is seen to by whoever hands tasks out. */
  async keepOnly(messageId: string, { ids }: CatalogueChanged): Promise<void> {
    await once(this.database, messageId, async (tx) => {
      await this.models.lockAll(tx); // in the order in which everybody locks them
      await this.models.keepOnly(tx, ids);
    });
    this.dispatcher.wake();
  }
}
