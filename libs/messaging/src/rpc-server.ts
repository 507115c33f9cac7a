import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { Problem, rpcsOf, type ServiceName } from '#contracts';
import { aboutItsTask } from './about-its-task.js';
import { BrokerChannel } from './broker-channel.js';
import { contextOf, versionOf } from './envelope.js';
import { rpcTransport } from './handles.js';
import { LateMessages } from './late-messages.js';
import { inSpan, metrics, observed, withRequest } from '#telemetry';
import { WorkInProgress } from './work-in-progress.js';

export interface RpcServerOptions {
  url: string;
  service: ServiceName;
  /** The refusal that an error of something we depend on amounts to; null for a bug. */
  explain?: (error: unknown) => Problem | null;
}

interface Answer {
  body: Buffer;
  type?: 'problem';
  /** The code of the refusal that the answer is. */
  refused?: string;
}

/**
 * Serves a service's @Handles methods from its queue `<service>.questions`. A question lives as long as its caller waits (the message
 * expires with the deadline), so nothing is acknowledged and nothing is kept; closing answers what was taken first. A question whose
 * deadline has passed when its turn comes is not begun: nobody waits for the answer.
 */
export class RpcServer extends Server implements CustomTransportStrategy {
  override readonly transportId = rpcTransport as never;
  private readonly link: BrokerChannel;
  private readonly work = new WorkInProgress();
  private readonly late = new LateMessages(this.logger);
  private consumerTag = '';
  private closing = false;

  constructor(private readonly options: RpcServerOptions) {
    super();
    this.link = new BrokerChannel({
      url: options.url,
      name: `${options.service} rpc`,
      setup: (channel) => this.subscribe(channel),
    });
  }

  get connected(): boolean {
    return this.link.current !== null;
  }

  listen(callback: (error?: unknown) => void): void {
    const missing = rpcsOf(this.options.service).filter(({ key }) => !this.messageHandlers.has(key));
    if (missing.length > 0) return callback(new Error(`no handler for ${missing.map(({ key }) => key).join(', ')}`));
    void this.open(callback);
  }

  /** Takes no more questions, answers those it took, and leaves. */
  async close(): Promise<void> {
    this.closing = true;
    await this.link.cancel(this.consumerTag);
    await this.work.finished(20_000);
    await this.link.close();
  }

  on(): void {
    throw new Error('RpcServer has no events to listen to');
  }

  unwrap(): never {
    throw new Error('RpcServer does not hand its connection out');
  }

  private async open(callback: (error?: unknown) => void): Promise<void> {
    const failure: unknown = await this.link.open().catch((error: unknown) => error ?? new Error('no connection'));
    callback(failure ?? undefined);
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    const queue = `${this.options.service}.questions`;
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const { consumerTag } = await channel.consume(
      queue,
      (message) => {
        if (message) this.work.track(this.answer(channel, message));
        else if (!this.closing) this.link.renew(); // the queue was deleted: declare it again
      },
      { noAck: true },
    );
    this.consumerTag = consumerTag;
  }

  private async answer(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    const { replyTo, correlationId } = message.properties;
    if (this.late.isLate(message.properties)) return;
    const { body, type } = await withRequest(contextOf(message.properties), () => this.answered(message));
    try {
      if (replyTo) channel.publish('', replyTo as string, body, { correlationId: correlationId as string, type });
    } catch {
      // the channel went away: the caller has been told by its own connection or its deadline
    }
  }

  private answered(message: ConsumeMessage): Promise<Answer> {
    const key = this.messageHandlers.has(message.properties.type as string)
      ? String(message.properties.type)
      : 'unknown';
    const answer = (): Promise<Answer> =>
      inSpan(key, 'server', { 'rpc.method': key }, async (span) => {
        const outcome = await this.outcome(message);
        if (outcome.refused) span.fail(outcome.refused);
        return outcome;
      });
    return observed(metrics.rpcHandled, { key }, answer, ({ refused = 'ok' }) => refused);
  }

  private async outcome(message: ConsumeMessage): Promise<Answer> {
    try {
      const handler = this.messageHandlers.get(message.properties.type as string);
      if (!handler) throw new Error(`no handler for ${String(message.properties.type)}`);
      this.expectKnownVersion(message);
      const body: unknown = JSON.parse(message.content.toString());
      const result: unknown = await aboutItsTask(body, () => handler(body, message));
      const reply = isObservable(result) ? await lastValueFrom(result, { defaultValue: null }) : result;
      return { body: Buffer.from(JSON.stringify(reply ?? {})) };
    } catch (error) {
      const problem = error instanceof Problem ? error : this.problemOf(error);
      return { body: Buffer.from(JSON.stringify(problem)), type: 'problem', refused: problem.code };
    }
  }

  /** During an update, a new caller may meet an old service: it is to ask again later. */
  private expectKnownVersion({ properties }: ConsumeMessage): void {
    const known = rpcsOf(this.options.service).find(({ key }) => key === properties.type)?.version ?? 1;
    if (versionOf(properties) <= known) return;
    throw new Problem(
      'service_unavailable',
      `This release does not know version ${versionOf(properties)} of the question`,
      {
        retryAfter: 5,
      },
    );
  }

  private problemOf(error: unknown): Problem {
    this.logger.error(error);
    return this.options.explain?.(error) ?? new Problem('internal_error');
  }
}
