import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { listRevocations, readKeySet, type Revocations } from '#contracts';
import { loadConfig } from '#runtime';
import { eventually, freshBroker, type FreshBroker, StandIn } from '#testing';
import { createGateway } from '../src/create-gateway.js';
import { GatewayConfig } from '../src/gateway.config.js';
import { ByteStore } from './byte-store.js';
import { aSigningKey, aToken, type SigningKey } from './tokens.js';

/** The real gateway on a private broker, with stand-ins for the services behind it and for the store of the bytes. */
export interface TestGateway {
  app: NestFastifyApplication;
  broker: FreshBroker;
  url: string;
  http: ReturnType<typeof request>;
  auth: StandIn;
  task: StandIn;
  storage: StandIn;
  store: ByteStore;
  key: SigningKey;
  accountId: string;
  /** The Authorization header of the account. */
  bearer: string;
  /** One more gateway on the same broker. */
  replica(): Promise<Replica>;
  stop(): Promise<void>;
}

export interface Replica {
  app: NestFastifyApplication;
  url: string;
}

const nothingRevoked = async (): Promise<Revocations> => ({ session_ids: [], account_ids: [], remember_seconds: 900 });

/** Ready for requests, unless the test has the revocations answered in another way: then it may never be. */
export async function aGateway(
  settings: Record<string, string> = {},
  revocations: () => Promise<Revocations> = nothingRevoked,
): Promise<TestGateway> {
  const broker = await freshBroker();
  const [key, accountId] = [aSigningKey(), randomUUID()];
  const standIn = (service: 'auth' | 'task' | 'storage') => new StandIn(broker.url, service);
  const [auth, task, storage] = [standIn('auth'), standIn('task'), standIn('storage')];
  auth.answer(readKeySet, async () => ({ keys: [key.published] })).answer(listRevocations, revocations);
  const store = await new ByteStore().start();
  await Promise.all([auth, task, storage].map((service) => service.start()));
  const replicas: Replica[] = [];
  const replica = async (): Promise<Replica> => {
    const started = await listening({ RABBITMQ_URL: broker.url, LOG_LEVEL: 'silent', ...settings });
    replicas.push(started);
    if (revocations === nothingRevoked) await eventually(() => request(started.url).get('/health/ready').expect(200));
    return started;
  };
  const { app, url } = await replica();
  return {
    app,
    broker,
    url,
    auth,
    task,
    storage,
    store,
    key,
    accountId,
    http: request(url),
    bearer: `Bearer ${aToken({ key, accountId })}`,
    replica,
    stop: async () => {
      await Promise.all(replicas.map((one) => one.app.close()));
      await Promise.all([auth, task, storage].map((service) => service.stop()));
      await store.stop();
      await broker.drop();
    },
  };
}

async function listening(settings: Record<string, string>): Promise<Replica> {
  const app = await createGateway(loadConfig(GatewayConfig, settings));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, url: await app.getUrl() };
}
