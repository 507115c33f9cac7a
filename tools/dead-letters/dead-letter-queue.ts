import { type ChannelModel, type ConfirmChannel, connect, type GetMessage, type Options } from 'amqplib';
import { asBefore, asParked, type DeadLetter, deadLetterOf } from './dead-letter.js';

/** From RabbitMQ 4.0 on a queue drops what was handed out twenty times; a look is one of them. */
const looksBeforeRenewal = 8;

/** Decides about one dead letter. */
export type Choice = (letter: DeadLetter) => boolean;

/** The queue belongs to another service. */
export class NotReadable extends Error {
  override readonly name = 'NotReadable';
}

/** What was done to a dead letter, or why nothing was. */
export interface Outcome {
  letter: DeadLetter;
  /** The queue it went to; null when it stays. */
  sentTo: string | null;
  problem?: string;
}

/**
 * A queue of dead letters, over a connection of its own. What is only looked at goes back where it was. Nothing is lost when this ends
 * in the middle: a message leaves the queue after the broker has confirmed that it is in the other one, and may then be in both.
 */
export class DeadLetterQueue {
  private unroutable = false;

  private constructor(
    readonly name: string,
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
    /** How many messages wait. */
    readonly size: number,
  ) {
    channel.on('return', () => {
      this.unroutable = true;
    });
  }

  /** Null when there is no such queue. One that this user may not read is found out when it is read: a NotReadable. */
  static async open(url: string, name: string): Promise<DeadLetterQueue | null> {
    const connection = await connect(url, { clientProperties: { connection_name: 'dead letters' } });
    connection.on('error', () => {});
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      const { messageCount } = await channel.checkQueue(name);
      return new DeadLetterQueue(name, connection, channel, messageCount);
    } catch (error) {
      await connection.close();
      if ((error as { code?: number }).code === 404) return null;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Shows up to `limit` messages, the oldest first, with their bodies. */
  async look(limit: number): Promise<{ letter: DeadLetter; headers: object; body: string }[]> {
    const messages = await this.take(limit);
    const seen = messages.map((message) => ({
      letter: deadLetterOf(message, this.name),
      headers: (message.properties.headers ?? {}) as object,
      body: message.content.toString(),
    }));
    await this.putBack(messages);
    return seen;
  }

  /** Sends what was chosen back to where it came from. What nothing takes there stays. */
  async replay(limit: number, isChosen: Choice): Promise<Outcome[]> {
    return this.settle(limit, isChosen, async (message, letter) => {
      if (!letter.origin) return { letter, sentTo: null, problem: 'nothing says which queue it came from' };
      if (!(await this.publish(letter.origin, message, asBefore(message)))) {
        return { letter, sentTo: null, problem: `there is no queue ${letter.origin}` };
      }
      this.channel.ack(message);
      return { letter, sentTo: letter.origin };
    });
  }

  async drop(limit: number, isChosen: Choice): Promise<Outcome[]> {
    return this.settle(limit, isChosen, async (message, letter) => {
      this.channel.ack(message);
      return { letter, sentTo: null };
    });
  }

  private async settle(
    limit: number,
    isChosen: Choice,
    act: (message: GetMessage, letter: DeadLetter) => Promise<Outcome>,
  ): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const stay: GetMessage[] = [];
    for (const message of await this.take(limit)) {
      const letter = deadLetterOf(message, this.name);
      const outcome = isChosen(letter) ? await act(message, letter) : null;
      if (outcome) outcomes.push(outcome);
      if (!outcome || outcome.problem) stay.push(message);
    }
    await this.putBack(stay);
    return outcomes;
  }

  /** No more than there were at the start: what is parked again meanwhile is for the next time. */
  private async take(limit: number): Promise<GetMessage[]> {
    const taken: GetMessage[] = [];
    while (taken.length < Math.min(limit, this.size)) {
      const message = await this.channel.get(this.name).catch((error: Error & { code?: number }) => {
        throw error.code === 403 ? new NotReadable(this.name) : error;
      });
      if (!message) break;
      taken.push(message);
    }
    return taken;
  }

  private async putBack(messages: GetMessage[]): Promise<void> {
    for (const message of messages) {
      const isWorn = deadLetterOf(message, this.name).looks >= looksBeforeRenewal;
      const isRenewed = isWorn && (await this.publish(this.name, message, asParked(message, this.name)));
      if (isRenewed) this.channel.ack(message);
      else this.channel.nack(message, false, true);
    }
    await this.channel.checkQueue(this.name); // a question after the acknowledgements: they have arrived when it is answered
  }

  /** Resolves to whether the broker has it for good. */
  private async publish(queue: string, message: GetMessage, options: Options.Publish): Promise<boolean> {
    this.unroutable = false;
    this.channel.sendToQueue(queue, message.content, options);
    await this.channel.waitForConfirms();
    return !this.unroutable;
  }
}
