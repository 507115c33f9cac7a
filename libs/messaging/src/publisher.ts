import type { ConfirmChannel, Message, Options } from 'amqplib';
import { BrokerChannel } from './broker-channel.js';

export interface PublisherOptions {
  url: string;
  name: string;
  /** Declares the exchanges that are published to. */
  declare?: (channel: ConfirmChannel) => Promise<void>;
  /** How long a confirm may take. */
  confirmTimeoutMs?: number;
  /** As of a BrokerChannel. */
  patient?: boolean;
}

/** Nothing can be published now: no connection, or the broker blocks publishers. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';
}

/**
 * Publishes with confirms on a connection of its own, so that a blocked publisher never stops a consumer. A promise resolves when
 * the broker has the message for good, and rejects when it refused it, had no queue for a `mandatory` one, or did not say in time. A
 * connection on which nothing at all is confirmed is given up for another, long before heartbeats would tell.
 */
export class Publisher {
  private readonly link: BrokerChannel;
  private readonly returned = new Set<string>();
  /** When the broker last confirmed something. */
  private heardAt = 0;

  constructor(private readonly options: PublisherOptions) {
    this.link = new BrokerChannel({
      url: options.url,
      name: `${options.name} publisher`,
      confirm: true,
      patient: options.patient ?? false,
      setup: async (channel) => {
        // a mandatory message without a queue comes back before its confirm
        channel.on('return', (message: Message) => this.returned.add(String(message.properties.messageId)));
        await options.declare?.(channel);
      },
    });
  }

  open(): Promise<void> {
    return this.link.open();
  }

  close(): Promise<void> {
    return this.link.close();
  }

  get connected(): boolean {
    return this.link.ready !== null;
  }

  publish(
    exchange: string,
    key: string,
    body: Buffer,
    options: Options.Publish & { messageId: string },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const channel = this.link.ready;
      if (!channel) return reject(new NotPublished('the broker cannot be reached'));
      const limit = this.options.confirmTimeoutMs ?? 5000;
      const sentAt = performance.now();
      const timer = setTimeout(() => {
        if (this.heardAt < sentAt) this.link.abandon();
        reject(new NotPublished(`no confirm within ${limit} ms`));
      }, limit);
      channel.publish(
        exchange,
        key,
        body,
        { persistent: true, contentType: 'application/json', ...options },
        (error) => {
          clearTimeout(timer);
          if (!error) this.heardAt = performance.now();
          const unroutable = this.returned.delete(options.messageId);
          if (error) reject(new NotPublished(String(error)));
          else if (unroutable) reject(new NotPublished(`no queue takes ${key}`));
          else resolve();
        },
      );
    });
  }

  /** Declares a queue; resolves to how many messages wait in it and how many consumers it has, or null when nothing answers. */
  async declareQueue(
    queue: string,
    options: Options.AssertQueue,
  ): Promise<{ messages: number; consumers: number } | null> {
    const channel = this.link.current;
    if (!channel) return null;
    try {
      const { messageCount, consumerCount } = await channel.assertQueue(queue, options);
      return { messages: messageCount, consumers: consumerCount };
    } catch {
      return null;
    }
  }
}
