import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { RpcClient } from '#messaging';
import { createService } from '#runtime';
import { freshBroker, freshDatabase } from '#testing';
import { AuthConfig } from '../src/auth.config.js';
import { AuthModule } from '../src/auth.module.js';

export const testSecret = 'a secret of the tests, thirty-two characters and more';

/** The auth service on a database and a virtual host of its own, and a caller. */
export interface AuthServers {
  rpc: RpcClient;
  brokerUrl: string;
  /** Starts one more replica. */
  start(about?: Partial<AuthConfig>): Promise<NestFastifyApplication>;
  /** A replica's own connections: for looking into its schema. */
  database(): DataSource;
  drop(): Promise<void>;
}

export async function authServers(): Promise<AuthServers> {
  const [database, broker] = await Promise.all([freshDatabase(), freshBroker()]);
  const replicas: NestFastifyApplication[] = [];
  const rpc = new RpcClient({ url: broker.url, name: 'test', timeoutMs: 10_000 });
  await rpc.open();
  return {
    rpc,
    brokerUrl: broker.url,
    start: async (about) => {
      const replica = await startReplica({
        DATABASE_URL: database.urlOf('auth'),
        DATABASE_POOL_SIZE: 4,
        RABBITMQ_URL: broker.url,
        ...about,
      });
      replicas.push(replica);
      return replica;
    },
    database: () => replicas.at(-1)!.get(DataSource),
    drop: async () => {
      await rpc.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await Promise.all([database.drop(), broker.drop()]);
    },
  };
}

async function startReplica(about: Partial<AuthConfig>): Promise<NestFastifyApplication> {
  const config = Object.assign(new AuthConfig(), {
    AUTH_SECRET: testSecret,
    LOG_LEVEL: 'error',
    ...about,
  });
  const replica = await createService({ name: 'auth', config, module: AuthModule.with(config) });
  await replica.startAllMicroservices();
  return replica;
}
