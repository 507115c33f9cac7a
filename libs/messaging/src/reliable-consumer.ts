import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { BrokerChannel } from './broker-channel.js';
import { contextOf } from './envelope.js';
import { inSpan, metrics, observed, withRequest } from '#telemetry';
import { WorkInProgress } from './work-in-progress.js';

export interface ReliableConsumerOptions {
  url: string;
  name: string;
  /** Declares what is needed and returns the queue to read. */
  declare: (channel: ConfirmChannel) => Promise<string>;
  handle: (message: ConsumeMessage) => Promise<void>;
  /** What a message is counted as; one of a few names. */
  keyOf?: (message: ConsumeMessage) => string;
  /** Whether trying again cannot help: the message is parked at once. */
  isHopeless: (error: unknown) => boolean;
  prefetch?: number;
  /** As of a BrokerChannel. */
  patient?: boolean;
  /** The wait before the first redelivery; it doubles with every further one. */
  retryDelayMs?: number;
}

/** What became of a message: taken in, to be delivered again, or parked. */
type Verdict = 'done' | 'again' | 'parked';

/**
 * Reads a durable queue: a message is acknowledged after its handler succeeded, delivered again after a growing wait when it threw,
 * and left to the queue's dead-letter exchange when it is hopeless or the delivery limit is reached.
 */
export class ReliableConsumer {
  private readonly logger: Logger;
  private readonly link: BrokerChannel;
  private readonly work = new WorkInProgress();
  private readonly stopping = new AbortController();
  private consumerTag = '';

  constructor(private readonly options: ReliableConsumerOptions) {
    const { url, name, patient = false } = options;
    this.logger = new Logger(name);
    this.link = new BrokerChannel({ url, name, patient, setup: (channel) => this.subscribe(channel) });
  }

  get connected(): boolean {
    return this.link.current !== null;
  }

  open(): Promise<void> {
    return this.link.open();
  }

  /** Takes no more messages and finishes those it took; what waits for a retry goes back to the queue. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.link.cancel(this.consumerTag);
    await this.work.finished(20_000);
    await this.link.close();
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    const queue = await this.options.declare(channel);
    await channel.prefetch(this.options.prefetch ?? 32);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) this.work.track(this.take(channel, message));
      else if (!this.stopping.signal.aborted) this.link.renew(); // the queue was deleted or moved: declare it again
    });
    this.consumerTag = consumerTag;
  }

  private async take(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    const verdict = await withRequest(contextOf(message.properties), () => this.handled(message));
    try {
      if (verdict === 'done') channel.ack(message);
      else channel.reject(message, verdict === 'again'); // reject, not nack: only reject counts against the limit on 4.3
    } catch {
      // the channel went away: the broker delivers the message again
    }
  }

  /** Messages that anybody may write, such as workers, are counted by the name of their queue. */
  private handled(message: ConsumeMessage): Promise<Verdict> {
    const key = this.options.keyOf?.(message) ?? this.options.name;
    return observed(
      metrics.eventsHandled,
      { key },
      () => inSpan(key, 'consumer', { 'messaging.system': 'rabbitmq' }, () => this.verdict(message)),
      (verdict) => verdict,
    );
  }

  private async verdict(message: ConsumeMessage): Promise<Verdict> {
    const { messageId, type, headers } = message.properties;
    try {
      await this.options.handle(message);
      return 'done';
    } catch (error) {
      const hopeless = this.options.isHopeless(error);
      this.logger.warn({ message_type: type, message_id: messageId, parked: hopeless, err: error });
      if (hopeless) return 'parked';
      await this.pause(Number(headers?.['x-delivery-count'] ?? 0));
      return 'again';
    }
  }

  private async pause(deliveries: number): Promise<void> {
    const delay = Math.min(15_000, (this.options.retryDelayMs ?? 200) * 2 ** deliveries);
    await wait(delay, undefined, { signal: this.stopping.signal }).catch(() => {});
  }
}
