import { randomUUID } from 'node:crypto';
import { type BrokerListener, type CeleryBroker, poisonDepth } from '../celery-broker.js';
import { type Command, commandBody, commandHeaders, controlExchange } from '../messages/celery-control.js';
import { isPoison, type TaskMessage } from '../messages/celery-task.js';
import { RedisAnswers } from './redis-answers.client.js';
import { connectionTo, type RedisConnection, startConnecting } from './redis-connection.client.js';
import { opened, sealed } from './redis-envelope.js';
import { deadList, move } from './redis-lists.client.js';
import { RedisResults } from './redis-results.client.js';

/** Speaks to Celery workers through a Redis, in the lists and channels of kombu's transport. */
export class RedisBroker implements CeleryBroker {
  private readonly client: RedisConnection;
  private readonly results: RedisResults;
  private readonly answers: RedisAnswers;
  /** Kombu's name of the channel that every worker hears. */
  private readonly controlChannel: string;

  constructor(url: string, listener: BrokerListener) {
    this.client = connectionTo(url, 'ml-bridge celery');
    this.results = new RedisResults(url, this.client, listener.onResult);
    this.answers = new RedisAnswers(url, listener.onAnswer);
    this.controlChannel = `/${databaseIn(url)}.${controlExchange}`;
  }

  get reachable(): boolean {
    return this.client.isReady && this.answers.isReady;
  }

  open(): Promise<void> {
    startConnecting(this.client);
    this.results.open();
    this.answers.open();
    return Promise.resolve();
  }

  stopReading(): Promise<void> {
    return this.results.close();
  }

  async close(): Promise<void> {
    await this.answers.close();
    this.client.destroy();
  }

  async send({ id, queue, replyTo, headers, body }: TaskMessage): Promise<void> {
    await this.client.lPush(
      queue,
      sealed({ headers: { ...headers }, correlationId: id, replyTo, body }, queue, randomUUID()),
    );
  }

  async tell(command: Command, ticket?: string): Promise<void> {
    const reply = ticket === undefined ? undefined : { ticket, queue: this.answers.list };
    const body = commandBody(command, reply);
    await this.client.publish(this.controlChannel, sealed({ headers: commandHeaders, body }, '', randomUUID()));
  }

  async look(queue: string): Promise<{ waiting: number; consumers: null } | null> {
    if (!this.client.isReady) return null;
    return { waiting: await this.client.lLen(queue), consumers: null };
  }

  async removePoison(queue: string): Promise<number> {
    const next = await this.client.lRange(queue, -poisonDepth, -1);
    let removed = 0;
    for (const item of next.filter(isPoisonous)) if (await move(this.client, queue, deadList, item)) removed++;
    return removed;
  }
}

const isPoisonous = (item: string): boolean => {
  const envelope = opened(item);
  return !envelope || isPoison(envelope);
};

const databaseIn = (url: string): string => new URL(url).pathname.slice(1) || '0';
