import { setTimeout as wait } from 'node:timers/promises';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { uuidv7 } from 'uuidv7';
import type { Class, Event, PayloadOf } from '#contracts';
import { BrokerChannel } from './broker-channel.js';
import { versionOf } from './envelope.js';
import { eventExchange } from './topology.js';
import { validated } from './validated.js';

const tryAgainAfterMs = 1000;

interface Listener {
  payload: Class<object>;
  version: number;
  hear: (payload: never) => void;
}

export interface BroadcastListenerOptions {
  url: string;
  /** The queue is `<service>.events.<id>`: the service's broker user may declare what begins with its name. */
  service: string;
}

/**
 * Hears facts in every replica of a process, where an EventServer's replicas would share them. The queue lives as long as its
 * connection, so whatever is announced while there is none is missed: `onMissed` is called each time a new queue listens, and whoever
 * depends on the facts asks then for the state they lead to. Nothing is acknowledged and nothing delivered twice.
 */
export class BroadcastListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger: Logger;
  private readonly link: BrokerChannel;
  private readonly listeners = new Map<string, Listener[]>();
  private readonly catchUps: (() => void)[] = [];
  private readonly stopping = new AbortController();

  constructor(private readonly options: BroadcastListenerOptions) {
    const name = `${options.service} broadcasts`;
    this.logger = new Logger(name);
    this.link = new BrokerChannel({ url: options.url, name, setup: (channel) => this.subscribe(channel) });
  }

  /** Has to be said before the listener is opened. */
  on<E extends Event>(fact: E, hear: (payload: PayloadOf<E>) => void): void {
    const listener: Listener = { payload: fact.payload as Class<object>, version: fact.version, hear };
    this.listeners.set(fact.key, [...(this.listeners.get(fact.key) ?? []), listener]);
  }

  /** Called when a queue begins to listen, the first one included: facts before it were missed. */
  onMissed(catchUp: () => void): void {
    this.catchUps.push(catchUp);
  }

  get connected(): boolean {
    return this.link.current !== null;
  }

  /** Begins to listen and returns at once: the exchange may be declared by a service that is late. */
  onApplicationBootstrap(): void {
    void this.openPatiently();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.link.close();
  }

  private async openPatiently(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.link.open();
        if (signal.aborted) await this.link.close();
        return;
      } catch (error) {
        this.logger.warn(`nothing is heard yet: ${(error as Error).message}`);
        await wait(tryAgainAfterMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    const { queue } = await channel.assertQueue(`${this.options.service}.events.${uuidv7()}`, {
      exclusive: true,
      autoDelete: true,
      durable: false,
      arguments: { 'x-queue-type': 'classic' },
    });
    for (const key of this.listeners.keys()) await channel.bindQueue(queue, eventExchange, key);
    await channel.consume(queue, (message) => this.take(message), { noAck: true });
    for (const catchUp of this.catchUps) catchUp();
  }

  private take(message: ConsumeMessage | null): void {
    if (!message) return this.link.renew(); // the queue was deleted
    for (const { payload, version, hear } of this.listeners.get(String(message.properties.type)) ?? []) {
      try {
        if (versionOf(message.properties) > version) throw new Error(`only version ${version} is known`);
        hear(validated(payload, JSON.parse(message.content.toString()), 'dropped') as never);
      } catch (error) {
        this.logger.warn({ message_type: message.properties.type as unknown, err: error });
      }
    }
  }
}
