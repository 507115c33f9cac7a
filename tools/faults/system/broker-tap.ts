import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Channel, type ChannelModel, type ConsumeMessage, type GetMessage, type Options } from 'amqplib';
import type { BrokerCoordinates } from '../../local-stack/stack-parts.js';

export type Vhost = 'lathe' | 'ml';

/** A message as it went through the broker. */
export interface Heard {
  vhost: Vhost;
  exchange: string;
  key: string;
  /** What kind of fact it is, or `event` for a worker's word. */
  type: string;
  messageId: string;
  body: Buffer;
  properties: Options.Publish;
  at: number;
}

const remembered = 3000;
/** Where to listen: all facts, and all that workers say. */
const sources: Record<Vhost, { exchange: string; key: string }> = {
  lathe: { exchange: 'events', key: '#' },
  ml: { exchange: 'ml.events', key: '' },
};

/** Listens to everything that the broker carries, past all proxies, and can say anything itself. Comes back when the broker does. */
export class BrokerTap {
  private heard: Heard[] = [];
  private readonly channels = new Map<Vhost, Channel>();
  private readonly models = new Set<ChannelModel>();
  private closed = false;

  private constructor(private readonly adminUrl: string) {}

  static async open({ admin }: BrokerCoordinates): Promise<BrokerTap> {
    if (!admin) throw new Error('the broker of a throw-away stack has an administrator');
    const tap = new BrokerTap(admin.url);
    await Promise.all((['lathe', 'ml'] as const).map((vhost) => tap.listen(vhost)));
    return tap;
  }

  /** What was said last, the newest at the end. */
  get recent(): readonly Heard[] {
    return this.heard;
  }

  /** The first message since `since` that passes the check; throws when none came within `limitMs`. */
  async hear(check: (message: Heard) => boolean, { since = 0, limitMs = 30_000 } = {}): Promise<Heard> {
    const end = Date.now() + limitMs;
    for (;;) {
      const found = this.heard.find((message) => message.at >= since && check(message));
      if (found) return found;
      if (Date.now() > end) throw new Error('what was waited for was not said');
      await delay(5);
    }
  }

  /** Says something; lost when the broker is away. */
  say(vhost: Vhost, exchange: string, key: string, body: Buffer, properties: Options.Publish): void {
    this.channels.get(vhost)?.publish(exchange, key, body, { persistent: true, ...properties });
  }

  /** Says again what was said, word for word. */
  repeat({ vhost, exchange, key, body, properties }: Heard): void {
    this.say(vhost, exchange, key, body, properties);
  }

  /** Empties a queue. Resolves to what was in it, and to nothing when there is no such queue. */
  async drain(vhost: Vhost, queue: string): Promise<GetMessage[]> {
    const model = await this.connect(vhost);
    try {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      const messages: GetMessage[] = [];
      for (;;) {
        const message = await channel.get(queue, { noAck: true });
        if (!message) return messages;
        messages.push(message);
      }
    } finally {
      await model.close().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.models].map((model) => model.close().catch(() => undefined)));
  }

  private async connect(vhost: Vhost): Promise<ChannelModel> {
    const url = new URL(this.adminUrl);
    url.pathname = `/${vhost}`;
    const model = await connect(url.href);
    model.on('error', () => undefined);
    return model;
  }

  private async listen(vhost: Vhost): Promise<void> {
    const model = await this.connect(vhost);
    this.models.add(model);
    model.once('close', () => {
      this.channels.delete(vhost);
      this.models.delete(model);
      void this.listenAgain(vhost);
    });
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    const { exchange, key } = sources[vhost];
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchange, key);
    await channel.consume(queue, (message) => message && this.take(vhost, message), { noAck: true });
    this.channels.set(vhost, channel);
  }

  private async listenAgain(vhost: Vhost): Promise<void> {
    while (!this.closed) {
      await delay(250);
      const isBack = await this.listen(vhost).then(
        () => true,
        () => false,
      );
      if (isBack) return;
    }
  }

  private take(vhost: Vhost, { fields, properties, content }: ConsumeMessage): void {
    const { messageId, type, headers, contentType } = properties;
    this.heard.push({
      vhost,
      exchange: fields.exchange,
      key: fields.routingKey,
      type: String(type),
      messageId: String(messageId),
      body: content,
      properties: { messageId, type, headers, contentType },
      at: Date.now(),
    });
    if (this.heard.length > 2 * remembered) this.heard = this.heard.slice(-remembered);
  }
}
