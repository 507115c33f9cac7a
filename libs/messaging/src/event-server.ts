import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { ConsumeMessage, MessageProperties } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { allContracts, Problem } from '#contracts';
import { aboutItsTask } from './about-its-task.js';
import { versionOf } from './envelope.js';
import { type Delivery, eventTransport } from './handles.js';
import { LateMessages } from './late-messages.js';
import { ReliableConsumer } from './reliable-consumer.js';
import { declareEventQueue } from './topology.js';

export interface EventServerOptions {
  url: string;
  service: string;
  prefetch?: number;
  retryDelayMs?: number;
}

/** A fact of a version that only a newer release can read. */
class UnknownVersion extends Error {
  override readonly name = 'UnknownVersion';
}

/**
 * Feeds a service's @On methods from its quorum queue `<service>.events`; what cannot be handled ends in `<service>.events.dead`, and
 * so does a fact of a version that is not known. A fact whose time is over is acknowledged and not handled.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  override readonly transportId = eventTransport as never;
  private readonly consumer: ReliableConsumer;
  private readonly late = new LateMessages(this.logger);

  constructor({ service, ...options }: EventServerOptions) {
    super();
    this.consumer = new ReliableConsumer({
      ...options,
      name: `${service} events`,
      declare: (channel) => declareEventQueue(channel, service, [...this.messageHandlers.keys()]),
      handle: (message) => this.handle(message),
      keyOf: ({ properties }) =>
        this.messageHandlers.has(String(properties.type)) ? String(properties.type) : 'unknown',
      isHopeless: (error) =>
        error instanceof SyntaxError ||
        error instanceof UnknownVersion ||
        (error instanceof Problem && error.code === 'invalid_parameters'),
    });
  }

  get connected(): boolean {
    return this.consumer.connected;
  }

  listen(callback: (error?: unknown) => void): void {
    void this.open(callback);
  }

  close(): Promise<void> {
    return this.consumer.close();
  }

  on(): void {
    throw new Error('EventServer has no events to listen to');
  }

  unwrap(): never {
    throw new Error('EventServer does not hand its connection out');
  }

  private async open(callback: (error?: unknown) => void): Promise<void> {
    if (this.messageHandlers.size === 0) return callback(); // a service that listens to nothing needs no queue
    const failure: unknown = await this.consumer.open().catch((error: unknown) => error ?? new Error('no connection'));
    callback(failure ?? undefined);
  }

  private async handle({ properties, fields, content }: ConsumeMessage): Promise<void> {
    const handler = this.messageHandlers.get(String(properties.type));
    if (!handler) return; // a binding of an older release: nobody here is interested any more
    if (this.late.isLate(properties)) return;
    expectKnownVersion(properties);
    const delivery: Delivery = { id: String(properties.messageId), redelivered: fields.redelivered };
    const body: unknown = JSON.parse(content.toString());
    const result: unknown = await aboutItsTask(body, () => handler(body, delivery));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: null });
  }
}

function expectKnownVersion(properties: MessageProperties): void {
  const known = allContracts().events.find(({ key }) => key === properties.type)?.version ?? 1;
  const version = versionOf(properties);
  if (version > known)
    throw new UnknownVersion(`version ${version} of ${String(properties.type)} is not known, only ${known}`);
}
