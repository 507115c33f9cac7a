import { databaseOptions } from '#persistence';
import { CreateFiles1795400000000 } from '../migrations/1795400000000-create-files.js';
import { CreateErasedAccounts1795500000005 } from '../migrations/1795500000005-create-erased-accounts.js';
import { CreateEndedTasks1795600000005 } from '../migrations/1795600000005-create-ended-tasks.js';
import { AddOutboxEnvelope1795600000009 } from '../migrations/1795600000009-add-outbox-envelope.js';
import { AddSentBytes1795700000001 } from '../migrations/1795700000001-add-sent-bytes.js';
import { CreateFileHolds1795700000002 } from '../migrations/1795700000002-create-file-holds.js';
import { CreateRemovedObjects1795700000003 } from '../migrations/1795700000003-create-removed-objects.js';
import { OrderFilesByKey1795700000004 } from '../migrations/1795700000004-order-files-by-key.js';
import { AddOutboxTrace1795800000003 } from '../migrations/1795800000003-add-outbox-trace.js';
import { FileEntity } from './files/file.entity.js';
import type { StorageConfig } from './storage.config.js';
import { UploadEntity } from './uploads/upload.entity.js';

/** The storage service's schema. */
export const storageDatabase = ({ DATABASE_URL, DATABASE_POOL_SIZE }: StorageConfig) =>
  databaseOptions({
    url: DATABASE_URL,
    schema: 'storage',
    entities: [FileEntity, UploadEntity],
    migrations: [
      CreateFiles1795400000000,
      CreateErasedAccounts1795500000005,
      CreateEndedTasks1795600000005,
      AddOutboxEnvelope1795600000009,
      AddSentBytes1795700000001,
      CreateFileHolds1795700000002,
      CreateRemovedObjects1795700000003,
      OrderFilesByKey1795700000004,
      AddOutboxTrace1795800000003,
    ],
    poolSize: DATABASE_POOL_SIZE,
  });
