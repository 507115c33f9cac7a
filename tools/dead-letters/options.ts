import { parseArgs } from 'node:util';

export const actions = ['list', 'show', 'replay', 'drop'] as const;
export type Action = (typeof actions)[number];

export interface DeadLetterOptions {
  action: Action;
  /** Only this queue; every one that can be reached unless told. */
  queue: string | undefined;
  /** Only messages with one of these ids. */
  ids: string[];
  /** Whether everything is meant where no message is named. */
  all: boolean;
  /** The broker with user and virtual host; what the surroundings say unless told. */
  url: string | undefined;
  /** How many messages of a queue are looked at. */
  limit: number;
}

export const usage = `npm run dead-letters -- list | show | replay | drop [options]

  list    what is parked: queue, message id, type, since when, why, and the request that led to it
  show    the same with headers and body, as JSON
  replay  back to the queue it came from, under the same message id
  drop    away with it

  --queue  e.g. task.events.dead or ml.dead; all that can be reached unless told
  --id     a message id; can be repeated. replay and drop want --id or --all
  --all    every message
  --limit  how many messages of a queue are looked at: 1000
  --url    amqp://user:password@host:5672/vhost; unless told, RABBITMQ_URL and ML_RABBITMQ_URL, or else what "npm start" runs

It speaks plain AMQP, with the rights of a service: each may read its own queue.`;

/** Throws an Error that says what is not understood. */
export function optionsFrom(args: string[]): DeadLetterOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      queue: { type: 'string' },
      id: { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      url: { type: 'string' },
      limit: { type: 'string', default: '1000' },
    },
  });
  const [action] = positionals;
  if (positionals.length !== 1 || !isAction(action)) throw new Error('Say what to do: list, show, replay or drop.');
  if (!/^[1-9]\d{0,5}$/.test(values.limit)) throw new Error('--limit has to be a number from 1 to 999999.');
  const changes = action === 'replay' || action === 'drop';
  if (changes && !values.all && values.id.length === 0) throw new Error(`${action} wants --id or --all.`);
  const { queue, id: ids, all, url } = values;
  return { action, queue, ids, all, url, limit: Number(values.limit) };
}

const isAction = (word: string | undefined): word is Action => actions.some((action) => action === word);
