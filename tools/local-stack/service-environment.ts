import path from 'node:path';
import type { BrokerUser } from '../provision/broker.js';
import type { DatabaseService } from '../provision/database.js';
import { schemaOf } from '../provision/database.js';
import type { StackCoordinates } from './local-stack.js';

export type ServiceName = BrokerUser;

/** Where a process listens. */
export interface Place {
  host: string;
  port: number;
}

/** Variables that belong to one process, or hold a credential: never passed on as they are. `X_FILE` names a file with the value of X. */
const ownOrSecret =
  /^((ADMIN_)?DATABASE_URL|(ML_)?RABBITMQ_(MANAGEMENT_)?URL|S3_(ENDPOINT|ACCESS_KEY|SECRET_KEY|BUCKET)|(AUTH|WEBHOOKS)_SECRET|AUTH_SECRET_PREVIOUS|PORT|HOST|INTERNAL_URL|WORKER_ID|.*_PASSWORD)(_FILE)?$/;
/** What the bridge alone needs: the keys that models.yaml names, and those of the workers that fetch their jobs over HTTP. */
const ofBridge = /^(WORKER_TOKENS|.+_API_KEY|.+_BROKER_URL)(_FILE)?$/;
/** Variables of the tools that started us: npm, Jest, Node's own message channel, PostgreSQL's programs. */
const ofTools = /^(npm_|TEST_|JEST_|NODE_CHANNEL_|PG[A-Z]+$)/;

/**
 * The environment of one process: its own role, user and keys, where it listens, and every setting of the person who starts it
 * (`UPLOAD_MAX_BYTES`, `LOG_LEVEL`, …). No process is given what belongs to another.
 */
export function serviceEnvironment(
  service: ServiceName,
  stack: StackCoordinates,
  { host, port }: Place,
  given: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const isGiven = (name: string): boolean =>
    !ownOrSecret.test(name) && !ofTools.test(name) && (service === 'ml-bridge' || !ofBridge.test(name));
  const settings = Object.entries(given).filter(([name]) => isGiven(name));
  return {
    NODE_ENV: 'production',
    ...Object.fromEntries(settings),
    HOST: host,
    PORT: String(port),
    ...(isDatabaseService(service) ? { DATABASE_URL: stack.database.urls[service] } : {}),
    ...(service === 'engine' ? {} : { RABBITMQ_URL: stack.broker.urls[service] }),
    ...(service === 'engine' || service === 'ml-bridge' ? { ML_RABBITMQ_URL: stack.broker.workerUrls[service] } : {}),
    ...(service === 'ml-bridge' && !given.CELERY_BROKER_URL && !given.CELERY_BROKER_URL_FILE
      ? { CELERY_BROKER_URL: stack.broker.celeryUrl }
      : {}),
    ...(service === 'auth' ? { AUTH_SECRET: stack.authSecret } : {}),
    ...(service === 'auth' && given.AUTH_SECRET_PREVIOUS ? { AUTH_SECRET_PREVIOUS: given.AUTH_SECRET_PREVIOUS } : {}),
    ...(service === 'task' ? { WEBHOOKS_SECRET: stack.webhooksSecret } : {}),
    ...(service === 'storage' ? storeVariables(stack.objectStore) : {}),
    ...(service === 'storage' ? { UPLOAD_DIR: given.UPLOAD_DIR ?? path.join(stack.dataDir, 'uploads') } : {}),
  };
}

const isDatabaseService = (service: ServiceName): service is DatabaseService => service in schemaOf;

const storeVariables = ({ endpoint, accessKey, secretKey, bucket }: StackCoordinates['objectStore']) => ({
  S3_ENDPOINT: endpoint,
  S3_ACCESS_KEY: accessKey,
  S3_SECRET_KEY: secretKey,
  S3_BUCKET: bucket,
});
