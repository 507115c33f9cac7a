import { Logger } from '@nestjs/common';
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type RecoveringChannelModel } from 'amqplib';
import { autoCork, socketOf } from './auto-cork.js';

export interface BrokerChannelOptions {
  url: string;
  /** Shown in the broker's list of connections. */
  name: string;
  confirm?: boolean;
  /** For a broker of somebody else's, which may be down: `open` resolves at once, and the connection is made whenever it can be. */
  patient?: boolean;
  /** Declares and subscribes; called after every (re)connection and whenever the broker closed the channel. */
  setup?: (channel: ConfirmChannel) => Promise<void>;
  /** Called when the channel is gone: whatever was under way on it is lost. */
  onLost?: () => void;
}

/**
 * One channel on one connection that comes back by itself. amqplib recovers connections only, so a channel that the broker
 * closed (404, 406, a deleted queue) is opened again here. While it is down or the broker blocks publishers, `ready` is null.
 */
export class BrokerChannel {
  private readonly logger: Logger;
  private connection: RecoveringChannelModel | null = null;
  private model: ChannelModel | null = null;
  private channel: ConfirmChannel | null = null;
  private reopening: NodeJS.Timeout | undefined;
  private blocked = false;
  private closing = false;
  private said = '';

  constructor(private readonly options: BrokerChannelOptions) {
    this.logger = new Logger(`broker ${options.name}`);
  }

  /** Resolves at the first successful connection and set-up; keeps trying for a minute, or for ever when it is patient. */
  async open(): Promise<void> {
    if (this.connection) return;
    const connection = await connect(withHeartbeat(this.options.url), {
      noDelay: true,
      timeout: greetWithinMs, // a connection that is dead from its first byte on would be waited for for ever
      clientProperties: { connection_name: this.options.name },
      recovery: {
        initialDelay: 100,
        maxDelay: 2000,
        initialMaxRetries: this.options.patient ? Infinity : 40,
        waitForConnect: !this.options.patient,
        setup: (model: ChannelModel) => this.openChannel(model),
      },
    });
    this.connection = connection;
    connection.on('error', (error: Error) => this.logger.warn(error.message));
    connection.on('connect-failed', ({ message }: Error) => this.sayOnce(message));
    connection.on('connect', () => (this.said = ''));
    connection.on('disconnect', () => this.onDisconnected());
    connection.on('blocked', (reason: string) => this.setBlocked(true, reason));
    connection.on('unblocked', () => this.setBlocked(false));
  }

  /** The channel, or null while nothing can be published. */
  get ready(): ConfirmChannel | null {
    return this.blocked ? null : this.channel;
  }

  /** The channel even while the broker blocks publishers: consuming and acknowledging go on. */
  get current(): ConfirmChannel | null {
    return this.channel;
  }

  /**
   * Closes the channel first: a synchronous method on it flushes what was published before. A broker that goes away while it is
   * told goodbye never answers, and amqplib then waits for ever: we do not.
   */
  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.reopening);
    await withoutWaitingForEver(this.channel?.close());
    this.channel = null;
    await withoutWaitingForEver(this.connection?.close());
    this.connection = null;
  }

  /** Asks for no more messages of a consumer, and waits for the broker to agree, though not for ever. */
  async cancel(consumerTag: string): Promise<void> {
    await withoutWaitingForEver(Promise.resolve(this.channel).then((channel) => channel?.cancel(consumerTag)));
  }

  /** Throws the channel away and opens a new one, e.g. after a consumer was cancelled by the broker. */
  renew(): void {
    void this.channel?.close().catch(() => {});
  }

  /** Cuts a connection that has gone dead without a word: recovery makes another one. */
  abandon(): void {
    if (!this.model || this.closing) return;
    socketOf(this.model).destroy(new Error('nothing comes back on this connection: it is given up'));
  }

  private async openChannel(model: ChannelModel): Promise<void> {
    if (this.model !== model) this.adopt(model);
    const channel = await (this.options.confirm ? model.createConfirmChannel() : model.createChannel());
    channel.on('error', (error: Error) => this.logger.warn(error.message));
    channel.on('close', () => this.onChannelClosed(model, channel));
    await this.options.setup?.(channel as ConfirmChannel);
    this.channel = channel as ConfirmChannel;
  }

  /**
   * amqplib's recovery listens for errors only once the set-up is over. One before that would be thrown, where nobody catches it, and
   * leave the set-up waiting for ever; heard by anybody, it rejects the set-up, which is then tried again.
   */
  private adopt(model: ChannelModel): void {
    model.on('error', () => {});
    autoCork(model);
    this.model = model;
  }

  private onChannelClosed(model: ChannelModel, channel: Channel): void {
    if (this.channel !== channel || this.closing) return;
    this.lose();
    this.reopen(model, 100);
  }

  /** Until it succeeds (a queue may be declared later), or the connection is gone: then recovery calls openChannel by itself. */
  private reopen(model: ChannelModel, afterMs: number): void {
    this.reopening = setTimeout(() => {
      if (this.closing || this.model !== model) return;
      this.openChannel(model).catch(() => this.reopen(model, reopenEveryMs));
    }, afterMs);
  }

  /** The next connection is not blocked, until the broker says so again. */
  private onDisconnected(): void {
    this.model = null;
    this.blocked = false;
    this.lose();
  }

  private lose(): void {
    this.channel = null;
    this.options.onLost?.();
  }

  /** Why it cannot connect: once, not with every try. */
  private sayOnce(reason: string): void {
    if (reason !== this.said) this.logger.warn(reason);
    this.said = reason;
  }

  private setBlocked(blocked: boolean, reason = ''): void {
    this.blocked = blocked;
    this.logger.warn(blocked ? `the broker blocks publishers: ${reason}` : 'the broker takes messages again');
    if (blocked) this.options.onLost?.();
  }
}

const greetWithinMs = 5000;
const goodbyeWithinMs = 2000;
const reopenEveryMs = 1000;

async function withoutWaitingForEver(goodbye: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, goodbyeWithinMs);
  });
  await Promise.race([goodbye, late]).catch(() => {});
  clearTimeout(timer);
}

/** amqplib ignores a heartbeat option beside a URL; only the URL's own parameter counts. */
export function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', '10');
  return parsed.toString();
}
