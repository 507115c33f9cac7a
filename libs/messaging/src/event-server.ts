import { setTimeout as wait } from 'node:timers/promises';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { Problem } from '#contracts';
import { BrokerChannel } from './broker-channel.js';
import { type Delivery, eventTransport } from './handles.js';
import { requestIdHeader, withRequest } from './request-context.js';
import { declareEventQueue } from './topology.js';
import { WorkInProgress } from './work-in-progress.js';

export interface EventServerOptions {
  url: string;
  service: string;
  prefetch?: number;
  /** The wait before the first redelivery; it doubles with every further one. */
  retryDelayMs?: number;
}

/**
 * Feeds a service's @On methods from its quorum queue `<service>.events`: acknowledged after success, delivered again after a
 * growing wait when a method throws, parked in `<service>.events.dead` when it never succeeds or the message cannot be read.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  override readonly transportId = eventTransport as never;
  private readonly link: BrokerChannel;
  private readonly work = new WorkInProgress();
  private readonly stopping = new AbortController();
  private consumerTag = '';

  constructor(private readonly options: EventServerOptions) {
    super();
    this.link = new BrokerChannel({
      url: options.url,
      name: `${options.service} events`,
      setup: (channel) => this.subscribe(channel),
    });
  }

  get connected(): boolean {
    return this.link.current !== null;
  }

  listen(callback: (error?: unknown) => void): void {
    void this.open(callback);
  }

  /** Takes no more facts, finishes those it took; what waits for a retry goes back to the queue. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.link.current?.cancel(this.consumerTag).catch(() => {});
    await this.work.finished(20_000);
    await this.link.close();
  }

  on(): void {
    throw new Error('EventServer has no events to listen to');
  }

  unwrap<T = BrokerChannel>(): T {
    return this.link as T;
  }

  private async open(callback: (error?: unknown) => void): Promise<void> {
    const failure: unknown = await this.link.open().catch((error: unknown) => error ?? new Error('no connection'));
    callback(failure ?? undefined);
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    const queue = await declareEventQueue(channel, this.options.service, [...this.messageHandlers.keys()]);
    await channel.prefetch(this.options.prefetch ?? 32);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) this.work.track(this.take(channel, message));
      else if (!this.stopping.signal.aborted) this.link.renew();
    });
    this.consumerTag = consumerTag;
  }

  private async take(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    const verdict = await this.handle(message);
    try {
      if (verdict === 'done') channel.ack(message);
      else channel.reject(message, verdict === 'again'); // reject, not nack: only reject counts against the limit on 4.3
    } catch {
      // the channel went away: the broker delivers the message again
    }
  }

  private async handle(message: ConsumeMessage): Promise<'done' | 'again' | 'parked'> {
    const { messageId, type, headers } = message.properties;
    const delivery: Delivery = { id: String(messageId), redelivered: message.fields.redelivered };
    const requestId = String(headers?.[requestIdHeader] ?? messageId);
    return withRequest({ requestId }, async () => {
      try {
        await this.run(String(type), message.content, delivery);
        return 'done';
      } catch (error) {
        const hopeless =
          error instanceof SyntaxError || (error instanceof Problem && error.code === 'invalid_parameters');
        const reason = error instanceof Problem ? error.message : error;
        this.logger.warn({ event: type, message_id: messageId, parked: hopeless, err: reason });
        if (hopeless) return 'parked';
        await this.pause(Number(headers?.['x-delivery-count'] ?? 0));
        return 'again';
      }
    });
  }

  private async run(key: string, content: Buffer, delivery: Delivery): Promise<void> {
    const handler = this.messageHandlers.get(key);
    if (!handler) return; // a binding of an older release: nobody here is interested any more
    const result: unknown = await handler(JSON.parse(content.toString()), delivery);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: null });
  }

  private async pause(deliveries: number): Promise<void> {
    const delay = Math.min(15_000, (this.options.retryDelayMs ?? 200) * 2 ** deliveries);
    await wait(delay, undefined, { signal: this.stopping.signal }).catch(() => {});
  }
}
