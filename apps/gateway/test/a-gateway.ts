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
  stop(): Promise<void>;
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
  const app = await createGateway(
    loadConfig(GatewayConfig, { RABBITMQ_URL: broker.url, LOG_LEVEL: 'silent', ...settings }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = await app.getUrl();
  if (revocations === nothingRevoked) await eventually(() => request(url).get('/health/ready').expect(200));
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
    stop: async () => {
      await app.close();
      await Promise.all([auth, task, storage].map((service) => service.stop()));
      await store.stop();
      await broker.drop();
    },
  };
}
