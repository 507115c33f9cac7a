import { randomBytes } from 'node:crypto';
import {
  brokerUrl,
  brokerUsers,
  rabbitmqDefinitions,
  withAdministrator,
  withCelery,
  type BrokerUser,
} from '../provision/broker.js';
import {
  databaseNameFor,
  databaseServices,
  dropProvisionedDatabase,
  provisionDatabase,
  type DatabaseService,
} from '../provision/database.js';
import { prepareObjectStore, type ObjectStore } from './object-store.js';
import { bucketFrom, type Outside } from './outside.js';
import { preparePostgres } from './postgres/postgres.js';
import type { Supervised } from './processes/supervised.js';
import { prepareRabbitmq } from './rabbitmq/rabbitmq.js';
import type { StackContext } from './stack-context.js';

export interface DatabaseCoordinates {
  /** A superuser's, on the maintenance database. */
  adminUrl: string;
  /** Each service's own role in the product's database. */
  urls: Record<DatabaseService, string>;
}

export interface BrokerCoordinates {
  /** Each service's own user in vhost `lathe`. */
  urls: Record<Exclude<BrokerUser, 'engine'>, string>;
  /** Both sides of the worker contract in vhost `ml`. */
  workerUrls: Record<'ml-bridge' | 'engine', string>;
  /** For Celery's workers, and for the bridge that speaks to them: a vhost that is theirs. */
  celeryUrl: string;
  /** In throw-away stacks: an administrator in vhost `/`, and the management interface with that login. */
  admin?: { url: string; managementUrl: string | undefined } | undefined;
}

/** What the stack has to take down at its end; told before it is there, so that a stop in the middle reaches it. */
export interface TakeDown {
  server(name: string, server: Supervised): void;
  step(step: () => Promise<void>): void;
}

export async function startDatabase(
  context: StackContext,
  outside: Outside,
  takeDown: TakeDown,
): Promise<DatabaseCoordinates> {
  const passwords = context.state.secrets('database', databaseServices);
  if (outside.databaseUrl) return provisionOutside(context, outside.databaseUrl, passwords, takeDown);
  const startedAt = Date.now();
  const { server, adminUrl, source } = await preparePostgres(context);
  takeDown.server('postgres', server);
  await server.start();
  const urls = await provisionDatabase(adminUrl, databaseNameFor(adminUrl), passwords);
  context.log(ready(source, adminUrl, startedAt));
  return { adminUrl, urls };
}

/** A throw-away stack must not touch roles that a real one may be using on the same server: it makes its own and removes them. */
async function provisionOutside(
  { throwaway, log }: StackContext,
  adminUrl: string,
  passwords: Record<DatabaseService, string>,
  takeDown: TakeDown,
): Promise<DatabaseCoordinates> {
  log(`PostgreSQL: DATABASE_URL, on ${new URL(adminUrl).host}`);
  if (!throwaway) return { adminUrl, urls: await provisionDatabase(adminUrl, databaseNameFor(adminUrl), passwords) };
  const name = `lathe_test_${randomBytes(4).toString('hex')}`;
  takeDown.step(() => dropProvisionedDatabase(adminUrl, name, `${name}_`));
  return { adminUrl, urls: await provisionDatabase(adminUrl, name, passwords, { rolePrefix: `${name}_` }) };
}

export async function startBroker(
  context: StackContext,
  outside: Outside,
  takeDown: TakeDown,
  nodes = 1,
): Promise<BrokerCoordinates> {
  if (outside.brokerUrl) return outsideBroker(context, outside, outside.brokerUrl);
  const startedAt = Date.now();
  const passwords = context.state.secrets('broker', brokerUsers);
  const celeryPassword = context.state.secret('broker/celery');
  const plain = withCelery(rabbitmqDefinitions(passwords), celeryPassword);
  const adminPassword = context.state.secret('broker/admin');
  const definitions = context.throwaway ? withAdministrator(plain, 'admin', adminPassword) : plain;
  const { servers, start, baseUrl, managementUrl, source } = await prepareRabbitmq(context, definitions, nodes);
  for (const [name, server] of Object.entries(servers)) takeDown.server(name, server);
  await start();
  context.log(ready(source, baseUrl, startedAt));
  const url = (user: BrokerUser, vhost: 'lathe' | 'ml'): string => brokerUrl(baseUrl, user, passwords[user], vhost);
  const workerUrl = (user: 'ml-bridge' | 'engine'): string => outside.workerBrokerUrl ?? url(user, 'ml');
  const admin = {
    url: brokerUrl(baseUrl, 'admin', adminPassword, '/'),
    managementUrl: managementUrl?.replace('//', `//admin:${adminPassword}@`),
  };
  return {
    urls: {
      gateway: url('gateway', 'lathe'),
      auth: url('auth', 'lathe'),
      task: url('task', 'lathe'),
      storage: url('storage', 'lathe'),
      'ml-bridge': url('ml-bridge', 'lathe'),
    },
    workerUrls: { 'ml-bridge': workerUrl('ml-bridge'), engine: workerUrl('engine') },
    celeryUrl: brokerUrl(baseUrl, 'celery', celeryPassword, 'celery'),
    admin: context.throwaway ? admin : undefined,
  };
}

function outsideBroker({ log, throwaway }: StackContext, outside: Outside, url: string): BrokerCoordinates {
  log(`RabbitMQ: RABBITMQ_URL, on ${new URL(url).host}`);
  const worker = outside.workerBrokerUrl ?? url;
  return {
    urls: { gateway: url, auth: url, task: url, storage: url, 'ml-bridge': url },
    workerUrls: { 'ml-bridge': worker, engine: worker },
    celeryUrl: worker,
    admin: throwaway ? { url, managementUrl: outside.brokerManagementUrl } : undefined,
  };
}

export async function startObjectStore(
  context: StackContext,
  outside: Outside,
  env: NodeJS.ProcessEnv,
  takeDown: TakeDown,
): Promise<ObjectStore> {
  if (outside.objectStore) {
    context.log(`S3: S3_ENDPOINT, on ${new URL(outside.objectStore.endpoint).host}`);
    return outside.objectStore;
  }
  const startedAt = Date.now();
  const { server, store, source } = await prepareObjectStore(context, bucketFrom(env));
  takeDown.server('s3', server);
  await server.start();
  context.log(ready(source, store.endpoint, startedAt));
  return store;
}

const ready = (source: string, url: string, startedAt: number): string =>
  `${source}: port ${new URL(url).port}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
