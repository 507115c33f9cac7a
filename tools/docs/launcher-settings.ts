/** A variable that a program of tools/ reads by itself: there is no settings class for these. */
export interface LauncherSetting {
  name: string;
  byDefault: string;
  meaning: string;
}

/** Of `npm start`, `npm run demo` and, where it makes sense, `npm test`. */
export const stackSettings: readonly LauncherSetting[] = [
  {
    name: 'PORT',
    byDefault: '3000',
    meaning: 'The port of the API. 0 takes any free one, which is what the demo does.',
  },
  { name: 'HOST', byDefault: '127.0.0.1', meaning: 'The address the API listens on. 0.0.0.0 opens it to the network.' },
  {
    name: 'ENGINE_PROCESSES',
    byDefault: '1',
    meaning: 'How many engines to start, 0 for none. Each makes one model at a time and converts another beside it.',
  },
  {
    name: 'DATA_DIR',
    byDefault: '.data',
    meaning:
      'Where data, logs and generated secrets are kept, relative to the checkout. The demo uses `demo` inside it, tests a temporary folder.',
  },
  {
    name: 'LATHE_CACHE_DIR',
    byDefault: '~/.cache/lathe',
    meaning:
      'Where what is fetched once for all checkouts is kept: RabbitMQ, when it is not installed, and for Celery a Python and a Redis.',
  },
  {
    name: 'CELERY_BROKER_URL',
    byDefault: 'that of the local stack',
    meaning: 'The broker of Celery workers, for the entries of models.yaml that name it: `amqp://` or `redis://`.',
  },
  {
    name: 'CI',
    byDefault: 'not set',
    meaning:
      'Set by services that run tests: a suite that could not get its programs fails then, instead of being skipped.',
  },
  {
    name: 'DATABASE_URL',
    byDefault: 'not set',
    meaning:
      'A PostgreSQL of yours, as an administrator: the roles and schemas are made in it. Otherwise one is started.',
  },
  {
    name: 'RABBITMQ_URL',
    byDefault: 'not set',
    meaning: 'A RabbitMQ of yours with a virtual host, for the services. Otherwise one is started.',
  },
  {
    name: 'ML_RABBITMQ_URL',
    byDefault: 'RABBITMQ_URL',
    meaning: 'Beside it: the virtual host of the ML workers, where it is another one.',
  },
  {
    name: 'RABBITMQ_MANAGEMENT_URL',
    byDefault: 'not set',
    meaning:
      'Beside it, for `npm test` only: its management interface, with the name and password of an administrator in the URL.',
  },
  {
    name: 'S3_ENDPOINT',
    byDefault: 'not set',
    meaning:
      'An S3-compatible store of yours, together with `S3_ACCESS_KEY` and `S3_SECRET_KEY`. Otherwise a small one is started.',
  },
  { name: 'S3_ACCESS_KEY', byDefault: 'not set', meaning: 'Beside `S3_ENDPOINT`: the name of its key.' },
  { name: 'S3_SECRET_KEY', byDefault: 'not set', meaning: 'Beside `S3_ENDPOINT`: the secret of its key.' },
  { name: 'S3_BUCKET', byDefault: 'lathe', meaning: 'The bucket. It is made when it is missing.' },
  {
    name: 'AUTH_SECRET',
    byDefault: 'generated, kept in DATA_DIR',
    meaning: 'What the signing keys are encrypted with: 32 characters or more.',
  },
  {
    name: 'WEBHOOKS_SECRET',
    byDefault: 'generated, kept in DATA_DIR',
    meaning: 'What the secrets that sign webhooks are derived from: 32 characters or more.',
  },
  {
    name: 'RABBITMQ_IMAGE',
    byDefault: 'rabbitmq:4-management',
    meaning: 'The image to run where RabbitMQ can only be had through Docker.',
  },
];

/** Of the one-shot program that prepares servers for a deployment. */
export const provisionSettings: readonly LauncherSetting[] = [
  {
    name: 'ADMIN_DATABASE_URL',
    byDefault: 'not set',
    meaning: 'PostgreSQL as an administrator. Not set: it is left alone.',
  },
  {
    name: 'RABBITMQ_MANAGEMENT_URL',
    byDefault: 'not set',
    meaning:
      "RabbitMQ's management interface, with the name and password of an administrator in the URL. Not set: it is left alone.",
  },
  {
    name: '<SERVICE>_DATABASE_PASSWORD',
    byDefault: 'required with the first',
    meaning: 'The password of a role: `AUTH_`, `TASK_`, `STORAGE_` and `ML_BRIDGE_`.',
  },
  {
    name: '<SERVICE>_RABBITMQ_PASSWORD',
    byDefault: 'required with the second',
    meaning: 'The password of a user: the same four, and `GATEWAY_` and `ENGINE_`.',
  },
  {
    name: 'PROVISION_TIMEOUT_SECONDS',
    byDefault: '120',
    meaning: 'How long to wait for servers that are just starting.',
  },
];
