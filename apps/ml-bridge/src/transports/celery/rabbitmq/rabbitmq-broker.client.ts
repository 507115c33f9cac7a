import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, GetMessage, Options } from 'amqplib';
import { BrokerChannel, Publisher, ReliableConsumer } from '#messaging';
import { ContractViolation } from '#worker-contract';
import { deadExchange, declareDeadLetters, parked } from '../../amqp/dead-letters.js';
import type { BrokerListener, CeleryBroker } from '../celery-broker.js';
import { type Command, commandBody, commandHeaders, controlExchange } from '../messages/celery-control.js';
import { resultsQueue, type TaskMessage } from '../messages/celery-task.js';
import { parkPoison } from './poison.client.js';
import { wireHeaders } from './wire-headers.js';

const json = { contentType: 'application/json', contentEncoding: 'utf-8' };

/** Speaks to Celery workers through a RabbitMQ: one connection for what is published, one for results, one for answers. */
export class RabbitmqBroker implements CeleryBroker {
  private readonly publisher: Publisher;
  private readonly results: ReliableConsumer;
  private readonly answers: BrokerChannel;
  private answerQueue = '';
  private readonly declared = new Set<string>();
  /** Queues that somebody else has declared in his own way. */
  private readonly foreign = new Set<string>();
  /** When a queue was last looked through, and how much was left in it. */
  private readonly seen = new Map<string, { waiting: number; at: number }>();

  constructor(
    url: string,
    private readonly listener: BrokerListener,
  ) {
    this.publisher = new Publisher({ url, name: 'ml-bridge celery', patient: true, declare: declareAll });
    this.results = new ReliableConsumer({
      url,
      name: 'ml-bridge celery results',
      patient: true,
      declare: async (channel) => {
        await declareAll(channel);
        return resultsQueue;
      },
      handle: ({ content }) => listener.onResult(content.toString()),
      isHopeless: (error) => error instanceof ContractViolation,
    });
    this.answers = new BrokerChannel({
      url,
      name: 'ml-bridge celery answers',
      patient: true,
      setup: (channel) => this.subscribe(channel),
      onLost: () => this.declared.clear(),
    });
  }

  get reachable(): boolean {
    return this.publisher.connected && this.answers.current !== null;
  }

  async open(): Promise<void> {
    await Promise.all([this.publisher.open(), this.results.open(), this.answers.open()]);
  }

  stopReading(): Promise<void> {
    return this.results.close();
  }

  async close(): Promise<void> {
    await Promise.all([this.publisher.close(), this.answers.close()]);
  }

  async send({ id, queue, replyTo, headers, body, lifetimeMs }: TaskMessage): Promise<void> {
    if (!this.declared.has(queue)) await this.look(queue);
    await this.publisher.publish('', queue, Buffer.from(body), {
      ...json,
      headers: wireHeaders(headers),
      messageId: id,
      correlationId: id,
      replyTo,
      mandatory: true,
      expiration: Math.max(1, Math.ceil(lifetimeMs)),
    });
  }

  tell(command: Command, ticket?: string): Promise<void> {
    const reply = ticket === undefined ? undefined : { ticket, queue: this.answerQueue };
    return this.publisher.publish(controlExchange, '', Buffer.from(commandBody(command, reply)), {
      ...json,
      headers: wireHeaders(commandHeaders),
      messageId: randomUUID(),
      persistent: false,
    });
  }

  /** Declares the queue exactly as a worker does, unless it is there in another way: then it is only looked at. */
  async look(queue: string): Promise<{ waiting: number; consumers: number } | null> {
    const channel = this.answers.current;
    if (!channel) return null;
    const isForeign = this.foreign.has(queue);
    try {
      const found = await (isForeign ? channel.checkQueue(queue) : channel.assertQueue(queue, { durable: true }));
      this.declared.add(queue);
      if (found.messageCount === 0 || found.consumerCount > 0) this.seen.delete(queue);
      return { waiting: found.messageCount, consumers: found.consumerCount };
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === preconditionFailed) this.foreign.add(queue);
      if (code === notFound) this.foreign.delete(queue);
      return null;
    }
  }

  /**
   * A queue of another make is left alone: one with a delivery limit needs no help, and would count each look. Nor is one looked through
   * again and again while nothing changes.
   */
  async removePoison(queue: string, waiting: number): Promise<number> {
    const channel = this.answers.current;
    if (!channel || this.foreign.has(queue) || this.isSeen(queue, waiting)) return 0;
    const parkedNow = await parkPoison(channel, queue, (message) => this.park(message));
    this.seen.set(queue, { waiting: waiting - parkedNow, at: performance.now() });
    return parkedNow;
  }

  private isSeen(queue: string, waiting: number): boolean {
    const seen = this.seen.get(queue);
    return seen?.waiting === waiting && performance.now() - seen.at < lookAgainAfterMs;
  }

  private async park({ content, properties }: GetMessage): Promise<void> {
    const { contentType, headers } = properties as Options.Publish;
    await this.publisher.publish(deadExchange, '', content, {
      ...(typeof contentType === 'string' ? { contentType } : {}),
      headers,
      messageId: randomUUID(),
      mandatory: true,
    });
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
    this.answerQueue = queue;
    await channel.consume(
      queue,
      (message) => {
        if (message) this.listener.onAnswer(String(message.properties.headers?.ticket), message.content.toString());
      },
      { noAck: true },
    );
  }
}

const preconditionFailed = 406;
const notFound = 404;
const lookAgainAfterMs = 5000;

/** Everything but the queues of the workers. Declaring it again is harmless. */
async function declareAll(channel: ConfirmChannel): Promise<void> {
  await declareDeadLetters(channel);
  await channel.assertQueue(resultsQueue, { durable: true, arguments: parked });
  await channel.assertExchange(controlExchange, 'fanout', { durable: false });
}
