import type { ObjectStore } from './object-store.js';
import { SetupProblem } from './setup-problem.js';

/** Servers that the environment names: each is used as it is, instead of one of ours. */
export interface Outside {
  /** An administrator's URL: roles and schemas are made in it. */
  databaseUrl?: string | undefined;
  /** The URL of every service, and of the workers too unless `workerBrokerUrl` is there. */
  brokerUrl?: string | undefined;
  workerBrokerUrl?: string | undefined;
  brokerManagementUrl?: string | undefined;
  objectStore?: ObjectStore | undefined;
}

export const bucketFrom = (env: NodeJS.ProcessEnv): string => env.S3_BUCKET || 'lathe';

/** Throws a SetupProblem when a store is named without its keys. */
export function outsideServers(env: NodeJS.ProcessEnv): Outside {
  return {
    databaseUrl: checkedUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    brokerUrl: checkedUrl(env, 'RABBITMQ_URL', ['amqp:', 'amqps:']),
    workerBrokerUrl: checkedUrl(env, 'ML_RABBITMQ_URL', ['amqp:', 'amqps:']),
    brokerManagementUrl: checkedUrl(env, 'RABBITMQ_MANAGEMENT_URL', ['http:', 'https:']),
    objectStore: outsideStore(env),
  };
}

function outsideStore(env: NodeJS.ProcessEnv): ObjectStore | undefined {
  const endpoint = checkedUrl(env, 'S3_ENDPOINT', ['http:', 'https:']);
  if (!endpoint) return undefined;
  const { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = env;
  if (!accessKey || !secretKey) {
    throw new SetupProblem('S3_ENDPOINT is set, so S3_ACCESS_KEY and S3_SECRET_KEY have to be set as well.');
  }
  return { endpoint, accessKey, secretKey, bucket: bucketFrom(env) };
}

/** The value is not shown in the message: it may hold a password. */
function checkedUrl(env: NodeJS.ProcessEnv, name: string, protocols: string[]): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    throw new SetupProblem(`${name} is not a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
  }
  return value;
}
