import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'minio';
import { DataSource } from 'typeorm';
import { RpcClient } from '#messaging';
import { createService } from '#runtime';
import {
  eventually,
  type FreshBroker,
  freshBroker,
  freshDatabase,
  mentionsOf,
  testStore,
  type TestStore,
} from '#testing';
import { inspectorProgram } from './inspector-program.js';
import { StorageConfig } from '../src/storage.config.js';
import { StorageModule } from '../src/storage.module.js';

export interface Replica {
  app: NestFastifyApplication;
  url: string;
}

/** The storage service on a database, a virtual host and a bucket of its own, and a caller. */
export interface StorageServers {
  rpc: RpcClient;
  broker: FreshBroker;
  start(about?: Partial<StorageConfig>): Promise<Replica>;
  /** For looking into the schema behind the service's back. */
  query<T>(sql: string, values?: unknown[]): Promise<T[]>;
  /** For looking into the bucket behind the service's back. */
  s3: Client;
  bucket: string;
  drop(): Promise<void>;
}

export async function storageServers(store: TestStore = testStore()): Promise<StorageServers> {
  const [database, broker] = await Promise.all([freshDatabase(), freshBroker()]);
  const replicas: Replica[] = [];
  const looking = await new DataSource({ type: 'postgres', url: database.urlOf('storage') }).initialize();
  const rpc = new RpcClient({ url: broker.url, name: 'test', timeoutMs: 20_000 });
  await rpc.open();
  const settings = {
    DATABASE_URL: database.urlOf('storage'),
    DATABASE_POOL_SIZE: 4,
    RABBITMQ_URL: broker.url,
    S3_ENDPOINT: store.endpoint,
    S3_ACCESS_KEY: store.accessKey,
    S3_SECRET_KEY: store.secretKey,
    S3_BUCKET: store.bucket,
    LOG_LEVEL: 'error',
  };
  return {
    rpc,
    broker,
    start: async (about) => {
      const replica = await startReplica({ ...settings, ...about });
      replicas.push(replica);
      return replica;
    },
    query: (sql, values) => looking.query(sql, values),
    s3: clientOf(store),
    bucket: store.bucket,
    drop: async () => {
      await Promise.all([rpc.close(), looking.destroy()]);
      await Promise.all(replicas.map(({ app }) => app.close()));
      await Promise.all([database.drop(), broker.drop()]);
    },
  };
}

async function startReplica(settings: Partial<StorageConfig>): Promise<Replica> {
  const config = Object.assign(new StorageConfig(), { PORT: await freePort(), ...settings });
  const app = await createService({ name: 'storage', config, module: StorageModule.with(config, inspectorProgram()) });
  try {
    await app.startAllMicroservices();
    await app.listen({ port: config.PORT, host: '127.0.0.1' });
    return { app, url: `http://127.0.0.1:${config.PORT}` };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

function clientOf({ endpoint, accessKey, secretKey }: TestStore): Client {
  const { hostname, port } = new URL(endpoint);
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
    region: 'us-east-1',
  });
}

/** Every key below the prefix. */
export async function keysBelow({ s3, bucket }: StorageServers, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const item of s3.listObjectsV2(bucket, prefix, true)) keys.push((item as { name: string }).name);
  return keys;
}

/** Whatever there is of an owner, in any table and under any key. */
export async function leftOf(storage: StorageServers, owner: string): Promise<object> {
  const asked = { query: (sql: string, values?: unknown[]) => storage.query(sql, values) as Promise<never> };
  const unfinished = storage.s3.listIncompleteUploads(storage.bucket, '', true);
  const uploads = (await unfinished.toArray()) as { key: string }[];
  const keys = [...(await keysBelow(storage)), ...uploads.map(({ key }) => key)];
  const [rows, objects] = [await mentionsOf(asked, owner), keys.filter((key) => key.includes(owner)).length];
  return objects > 0 ? { ...rows, objects } : rows;
}

/** Resolves when an erasure has looked, found something that it has to wait for, and is to look again in a few seconds. */
export async function waiting(storage: StorageServers, owner: string): Promise<void> {
  await eventually(async () => {
    const rows = await storage.query<{ seconds: number }>(
      'SELECT extract(epoch FROM look_at - now())::float AS seconds FROM erased_accounts WHERE account_id = $1',
      [owner],
    );
    if (!rows[0] || rows[0].seconds < 2 || rows[0].seconds > 10) throw new Error('it does not wait yet');
  });
}
