import { randomUUID } from 'node:crypto';
import type { WorkerEvent } from '#worker-contract';
import type { BrokerTap, Heard } from '../system/broker-tap.js';
import type { FaultySystem } from '../system/faulty-system.js';
import type { Fault } from './fault.js';

/** Of the last messages, so many are said again. */
const copies = 150;

/** What brokers and workers do to messages: say them twice, say them late, and say nonsense. */
export const messageFaults: Fault[] = [
  atOnce('duplicate facts', async ({ tap }) => repeatSome(tap, ({ vhost }) => vhost === 'lathe')),
  atOnce('duplicate worker words', async ({ tap }) => repeatSome(tap, ({ vhost }) => vhost === 'ml')),
  atOnce('stale worker words', async ({ tap }) => {
    for (const word of staleWords(tap)) sayAsWorker(tap, word);
  }),
  atOnce('unknown fields', async ({ tap }) => {
    for (const message of tap.recent.slice(-copies)) tap.repeat({ ...message, body: fromTheFuture(message.body) });
  }),
  atOnce('poison', async ({ tap }) => sendPoison(tap)),
];

/** Every message of ours that is to be parked begins so. */
export const poisonPrefix = 'poison-';

/** A worker's word, said as if by it. */
export function sayAsWorker(tap: BrokerTap, word: WorkerEvent): void {
  const body = Buffer.from(JSON.stringify(word));
  tap.say('ml', 'ml.events', '', body, { messageId: word.event_id, type: 'event', contentType: 'application/json' });
}

function atOnce(name: string, inject: (system: FaultySystem) => Promise<void>): Fault {
  return { name, lasts: [500, 1500], inject, heal: async () => undefined };
}

function repeatSome(tap: BrokerTap, which: (message: Heard) => boolean): void {
  for (const message of tap.recent.filter(which).slice(-copies)) tap.repeat(message);
}

/**
 * The ends that workers could still report who lost their attempts, or never had them: with the fencing token of that attempt for an
 * attempt that was followed by another, and with a foreign token for the others.
 */
function staleWords(tap: BrokerTap): WorkerEvent[] {
  const accepted = tap.recent
    .filter(({ vhost }) => vhost === 'ml')
    .map(({ body }) => JSON.parse(String(body)) as WorkerEvent)
    .filter(({ type }) => type === 'accepted')
    .slice(-40);
  const newest = new Map(accepted.map(({ task_id, attempt }) => [task_id, attempt]));
  return accepted.flatMap((word) => {
    const isOld = newest.get(word.task_id)! > word.attempt;
    const lease_token = isOld ? word.lease_token : randomUUID();
    const late = { ...word, lease_token, event_id: randomUUID(), seq: word.seq + 1000, at: new Date().toISOString() };
    return [failing(late), { ...late, event_id: randomUUID(), type: 'canceled' as const }];
  });
}

const failing = (word: WorkerEvent): WorkerEvent => ({
  ...word,
  type: 'failed',
  error: { code: 'bad_input', message: 'a stale worker says so', retryable: false },
});

/** As a newer release may say it: with something in it that this one has never heard of. */
const fromTheFuture = (body: Buffer): Buffer =>
  Buffer.from(JSON.stringify({ ...(JSON.parse(String(body)) as object), from_the_future: { anything: [1] } }));

/** Not JSON, of a version nobody knows, and without what it needs: into every queue that somebody reads. */
function sendPoison(tap: BrokerTap): void {
  const bodies = ['{"not": json', '"a word"', '{"v":99,"type":"accepted"}', JSON.stringify({ task_id: 'not an id' })];
  const fact = tap.recent.findLast(({ type }) => type === 'generation.succeeded');
  if (fact) {
    const poison = { messageId: `${poisonPrefix}${randomUUID()}`, type: fact.type, headers: { 'x-version': 99 } };
    tap.say('lathe', '', 'task.events', fact.body, poison);
  }
  for (const content of bodies) {
    const body = Buffer.from(content);
    const poison = { messageId: `${poisonPrefix}${randomUUID()}`, type: 'generation.progressed' };
    tap.say('ml', '', 'ml.events', body, { ...poison, type: 'event' });
    tap.say('ml', '', 'ml.jobs.reference', body, { ...poison, type: 'job' });
    tap.say('lathe', '', 'task.events', body, poison);
    tap.say('lathe', '', 'ml-bridge.events', body, { ...poison, type: 'task.dispatched' });
  }
}
