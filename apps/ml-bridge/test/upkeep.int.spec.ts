import { DataSource } from 'typeorm';
import { migrate } from '#persistence';
import { type FreshDatabase, freshDatabase } from '#testing';
import { GenerationsRepository } from '../src/generations/generations.repository.js';
import { MlBridgeConfig } from '../src/ml-bridge.config.js';
import { mlBridgeDatabase } from '../src/ml-bridge.database.js';
import { JobsRepository } from '../src/jobs/jobs.repository.js';
import { SightingsRepository } from '../src/transports/http/sightings.repository.js';
import { UpkeepService } from '../src/upkeep/upkeep.service.js';
import { aGeneration } from './a-generation.js';

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

describe('the upkeep', () => {
  let fresh: FreshDatabase;
  let database: DataSource;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const config = Object.assign(new MlBridgeConfig(), {
      DATABASE_URL: fresh.urlOf('ml-bridge'),
      DATABASE_POOL_SIZE: 3,
    });
    database = await new DataSource(mlBridgeDatabase(config)).initialize();
    await migrate(database);
  });

  afterAll(async () => {
    await database.destroy();
    await fresh.drop();
  });

  it('forgets what was over a week ago, and nothing younger', async () => {
    const generations = new GenerationsRepository(database);
    const [old, young] = [aGeneration({ createdAt: daysAgo(8) }), aGeneration({ createdAt: daysAgo(6) })];
    await generations.insertOnce(old);
    await generations.insertOnce(young);
    const upkeep = new UpkeepService(new JobsRepository(database), generations, new SightingsRepository(database));
    await Promise.all([upkeep.forgetGenerations(), upkeep.forgetGenerations()]);
    expect(await generations.find({ task_id: old.taskId, attempt: 1 })).toBeNull();
    expect(await generations.find({ task_id: young.taskId, attempt: 1 })).toMatchObject({ taskId: young.taskId });
  });

  it('forgets the workers that came an hour ago, and counts those that came just now', async () => {
    const sightings = new SightingsRepository(database);
    for (const worker of ['old', 'away', 'here']) await sightings.record('gpu', worker);
    const seen = `UPDATE worker_sightings SET seen_at = now() - make_interval(mins => $2) WHERE worker_id = $1`;
    await database.query(seen, ['old', 61]);
    await database.query(seen, ['away', 59]);
    expect(await sightings.count('gpu', 60)).toBe(1);
    await Promise.all([sightings.sweep(), sightings.sweep()]);
    const left = await database.query<{ worker_id: string }[]>('SELECT worker_id FROM worker_sightings ORDER BY 1');
    expect(left.map(({ worker_id }) => worker_id)).toEqual(['away', 'here']);
  });
});
