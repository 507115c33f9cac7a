import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '#persistence';
import { CreateGenerations1763856000000 } from '../migrations/1763856000000-create-generations.js';
import { CreateErasedAccounts1795500000006 } from '../migrations/1795500000006-create-erased-accounts.js';
import { AddPercentToGenerations1795600000006 } from '../migrations/1795600000006-add-percent-to-generations.js';
import { AddOutboxEnvelope1795600000010 } from '../migrations/1795600000010-add-outbox-envelope.js';
import { AddFinishing1795700000010 } from '../migrations/1795700000010-add-finishing.js';
import { IndexOpenGenerations1795700000011 } from '../migrations/1795700000011-index-open-generations.js';
import { CreateJobs1795700000001 } from '../migrations/1795700000001-create-jobs.js';
import { CreateWorkerSightings1795700000002 } from '../migrations/1795700000002-create-worker-sightings.js';
import { AddOutboxTrace1795800000004 } from '../migrations/1795800000004-add-outbox-trace.js';
import { AddOriginToGenerations1795800000006 } from '../migrations/1795800000006-add-origin-to-generations.js';
import { GenerationEntity } from './generations/generation.entity.js';
import type { MlBridgeConfig } from './ml-bridge.config.js';

export const mlBridgeDatabase = (config: MlBridgeConfig): DataSourceOptions =>
  databaseOptions({
    url: config.DATABASE_URL,
    schema: 'ml_bridge',
    poolSize: config.DATABASE_POOL_SIZE,
    entities: [GenerationEntity],
    migrations: [
      CreateGenerations1763856000000,
      CreateErasedAccounts1795500000006,
      AddPercentToGenerations1795600000006,
      AddOutboxEnvelope1795600000010,
      CreateJobs1795700000001,
      CreateWorkerSightings1795700000002,
      AddFinishing1795700000010,
      IndexOpenGenerations1795700000011,
      AddOutboxTrace1795800000004,
      AddOriginToGenerations1795800000006,
    ],
  });
