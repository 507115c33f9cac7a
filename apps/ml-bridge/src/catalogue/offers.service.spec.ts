import type { DataSource } from 'typeorm';
import { catalogueChanged, modelOffered } from '#contracts';
import '#testing';
import { aCatalogueModel } from '../../test/a-generation.js';
import type { TransportsService } from '../transports/transports.service.js';
import type { CatalogueModel } from './catalogue-model.js';
import type { CatalogueService } from './catalogue.service.js';
import { OffersService } from './offers.service.js';

const aModel = (id: string, about: Partial<CatalogueModel> = {}): CatalogueModel => {
  const model = aCatalogueModel(about);
  return { ...model, offer: { ...model.offer, id } };
};

/** What is announced of these models, while their workers are counted as `count` says. */
function announcing(models: CatalogueModel[], count: (model: CatalogueModel) => Promise<number>) {
  const rows: { key: string; payload: { id: string; slots: number } }[] = [];
  const tx = { insert: (_: unknown, row: (typeof rows)[number]) => Promise.resolve(rows.push(row)) };
  const database = { transaction: (work: (it: typeof tx) => Promise<void>) => work(tx) } as unknown as DataSource;
  const catalogue = { all: () => models } as unknown as CatalogueService;
  const service = new OffersService(database, catalogue, { countSlots: count } as unknown as TransportsService);
  const of = ({ key }: { key: string }) => rows.filter((row) => row.key === key).map(({ payload }) => payload);
  return {
    service,
    lists: () => of(catalogueChanged),
    slotsOf: (id: string) => of(modelOffered).flatMap((offer) => (offer.id === id ? [offer.slots] : [])),
  };
}

async function ended(service: OffersService): Promise<void> {
  const round = service.onModuleDestroy();
  await jest.advanceTimersByTimeAsync(5000);
  await round;
}

describe('offers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('count no workers where they cannot be counted, and wait for nobody', async () => {
    const models = [aModel('good'), aModel('broken'), aModel('hanging'), aModel('narrow', { slots: 2 })];
    const { service, slotsOf } = announcing(models, ({ offer }) => {
      if (offer.id === 'broken') throw new Error('its broker is gone');
      return offer.id === 'hanging' ? new Promise<number>(() => {}) : Promise.resolve(3);
    });
    service.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(5000);
    expect(['good', 'broken', 'hanging', 'narrow'].map(slotsOf)).toEqual([[3], [0], [0], [2]]);
    await ended(service);
  });

  it('are repeated now and then, and made anew when they change', async () => {
    let slots = 1;
    const { service, slotsOf } = announcing([aModel('good')], () => Promise.resolve(slots));
    service.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(45_000);
    expect(slotsOf('good')).toEqual([1, 1, 1]);
    slots = 2;
    await jest.advanceTimersByTimeAsync(1000);
    expect(slotsOf('good')).toEqual([1, 1, 1, 2]);
    await ended(service);
  });

  it('come with a list of the models at the start and when there are others, each once more when that has settled', async () => {
    const models = [aModel('one'), aModel('two')];
    const { service, lists } = announcing(models, () => Promise.resolve(1));
    service.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(200_000);
    expect(lists()).toEqual([{ ids: ['one', 'two'] }, { ids: ['one', 'two'] }]);
    models.pop();
    await jest.advanceTimersByTimeAsync(1000);
    expect(lists().slice(2)).toEqual([{ ids: ['one'] }]);
    await jest.advanceTimersByTimeAsync(200_000);
    expect(lists().slice(2)).toEqual([{ ids: ['one'] }, { ids: ['one'] }]);
    await ended(service);
  });
});
