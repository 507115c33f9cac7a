import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { settingsFrom } from '#runtime';
import { brokerUrl, brokerUsers } from '../provision/broker.js';
import { dataFolder } from '../local-stack/state/folders.js';
import type { DeadLetterOptions } from './options.js';

/** A queue of dead letters and an address with the right to read it. Whether it is there, only the broker knows. */
export interface Place {
  url: string;
  queue: string;
}

const services = brokerUsers.filter((user) => user !== 'gateway' && user !== 'engine');
const ofWorkers = 'ml.dead';
const ofService = (service: string): string => `${service}.events.dead`;

/** Where to look: what was said, else what the settings of a service say, else what runs here. Throws an Error when nothing says it. */
export function placesFor(
  { url, queue }: Pick<DeadLetterOptions, 'url' | 'queue'>,
  env: NodeJS.ProcessEnv = process.env,
): Place[] {
  const wanted = ({ queue: name }: Place): boolean => queue === undefined || name === queue;
  const places = url ? everyQueue(url, queue) : [...placesOfSettings(env, queue)];
  const found = places.length > 0 ? places : placesOfStack(dataFolder(env)).filter(wanted);
  if (found.length > 0) return found;
  throw new Error('Nothing runs here, and neither --url nor RABBITMQ_URL says where the broker is.');
}

const everyQueue = (url: string, queue?: string): Place[] =>
  (queue ? [queue] : [...services.map(ofService), ofWorkers]).map((name) => ({ url, queue: name }));

function placesOfSettings(env: NodeJS.ProcessEnv, queue?: string): Place[] {
  const { RABBITMQ_URL: own, ML_RABBITMQ_URL: workers } = settingsFrom(['RABBITMQ_URL', 'ML_RABBITMQ_URL'], env);
  const ofOwn = own ? everyQueue(own, queue).filter((place) => place.queue !== ofWorkers) : [];
  const ofOthers = workers ? everyQueue(workers, queue).filter((place) => place.queue === ofWorkers) : [];
  return [...ofOwn, ...ofOthers];
}

/** The broker that `npm start` runs: its port and the password of each user are in the data folder. */
function placesOfStack(folder: string): Place[] {
  const file = path.join(folder, 'stack.json');
  if (!existsSync(file)) return [];
  const { ports, secrets } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string | number>>;
  const urlOf = (user: string, vhost: string): string =>
    brokerUrl(`amqp://127.0.0.1:${ports?.amqp}`, user, String(secrets?.[`broker/${user}`]), vhost);
  return [
    ...services.map((service) => ({ url: urlOf(service, 'lathe'), queue: ofService(service) })),
    { url: urlOf('ml-bridge', 'ml'), queue: ofWorkers },
  ];
}
