import { engineNames } from '../catalogue-model.js';

const pool = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9._-]{0,99}$',
  description: 'Which workers take its jobs: several models may share a pool. `finish` is reserved',
};

const transport = (type: string, description: string, properties: Record<string, object>, required: string[]) => ({
  type: 'object',
  description,
  additionalProperties: false,
  required: ['type', ...required],
  properties: { type: { const: type, description: 'Which way it is' }, ...properties },
});

const text = (description: string) => ({ type: 'string', minLength: 1, maxLength: 4096, description });

/** How the bridge reaches whoever runs a model. */
export const transportSchema = {
  type: 'object',
  description:
    'How its workers are reached. `${NAME}` in a text is the environment variable NAME of ml-bridge, or what the file named by NAME_FILE holds',
  discriminator: { propertyName: 'type' },
  oneOf: [
    transport('amqp', 'Workers that read plain messages from the queue `ml.jobs.<pool>`', { pool }, ['pool']),
    transport('http', 'Workers that fetch their jobs over HTTP', { pool }, ['pool']),
    transport(
      'celery',
      'Celery workers behind a broker of theirs',
      {
        broker_url: text("Celery's broker: amqp, amqps, redis or rediss"),
        queue: text('The queue that its workers read'),
        task: text('The name of the Celery task; it is called with the job as its keyword argument `job`'),
      },
      ['broker_url', 'queue', 'task'],
    ),
    transport(
      'server',
      "Somebody else's server, which the bridge drives itself",
      {
        engine: { enum: engineNames, description: 'What kind of server it is' },
        url: text('Where it is: http or https'),
        api_key: text('What it lets us in with'),
        options: { type: 'object', description: 'What only this kind of server needs' },
      },
      ['engine', 'url'],
    ),
  ],
};
