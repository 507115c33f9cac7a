import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { ConsumeMessage, Message } from 'amqplib';
import { Problem, type ReplyOf, type RequestOf, type Rpc } from '#contracts';
import { BrokerChannel } from './broker-channel.js';
import { envelope } from './envelope.js';
import { currentRequest, currentTraceparent, inSpan, metrics, observed } from '#telemetry';

const replyTo = 'amq.rabbitmq.reply-to';
const sweepEveryMs = 50;
/** What is left of a deadline for whoever asked us to make something of the answer. */
const marginMs = 50;

interface PendingCall {
  service: string;
  resolve: (reply: Buffer) => void;
  reject: (problem: Problem) => void;
  deadline: number;
}

export interface RpcClientOptions {
  url: string;
  name: string;
  /** How long a call may take before it is a `service_unavailable`. */
  timeoutMs?: number;
}

/**
 * Asks services questions over RabbitMQ's direct reply-to: no reply queue, no confirms, and a hard deadline on every call. A question
 * that is asked while another one is answered has to be answered before that one's deadline; what cannot be is not asked at all.
 * A missing queue, a lost connection and a blocked broker are refused at once. A refusal of the service arrives as its Problem.
 */
export class RpcClient implements OnModuleInit, OnApplicationShutdown {
  private readonly pending = new Map<string, PendingCall>();
  private readonly link: BrokerChannel;
  private readonly timeoutMs: number;
  private sequence = 0;
  private sweeper: NodeJS.Timeout | undefined;

  constructor({ url, name, timeoutMs = 5000 }: RpcClientOptions) {
    this.timeoutMs = timeoutMs;
    this.link = new BrokerChannel({
      url,
      name: `${name} rpc client`,
      setup: async (channel) => {
        channel.on('return', (message: Message) => this.refuse(message.properties.correlationId as string));
        await channel.consume(replyTo, (message) => this.onReply(message), { noAck: true });
      },
      onLost: () => this.refuseAll(),
    });
  }

  async open(): Promise<void> {
    this.sweeper ??= setInterval(() => this.refuseLate(), sweepEveryMs).unref();
    await this.link.open();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.refuseAll();
    await this.link.close();
  }

  onModuleInit(): Promise<void> {
    return this.open();
  }

  /** After the servers have drained: their last answers may need it. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  get connected(): boolean {
    return this.link.ready !== null;
  }

  /** How many answers are being waited for. */
  get inFlight(): number {
    return this.pending.size;
  }

  async call<C extends Rpc>(contract: C, request: RequestOf<C>, timeoutMs = this.timeoutMs): Promise<ReplyOf<C>> {
    const { key, service } = contract;
    return observed(metrics.rpcCalled, { key }, () =>
      inSpan(key, 'client', { 'rpc.method': key, 'peer.service': service }, async () => {
        const reply = await this.send(contract, Buffer.from(JSON.stringify(request)), timeoutMs);
        return JSON.parse(reply.toString()) as ReplyOf<C>;
      }),
    );
  }

  private send({ service, key, version }: Rpc, body: Buffer, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const channel = this.link.ready;
      const { requestId, deadline: callersDeadline = Infinity } = currentRequest() ?? {};
      const remainingMs = Math.min(timeoutMs, callersDeadline - marginMs - Date.now());
      if (!channel || remainingMs <= 0) return reject(unavailable(service));
      const correlationId = (++this.sequence).toString(36);
      this.pending.set(correlationId, { service, resolve, reject, deadline: Date.now() + remainingMs });
      channel.publish('', `${service}.questions`, body, {
        replyTo,
        correlationId,
        type: key,
        mandatory: true,
        ...envelope({ requestId, traceparent: currentTraceparent(), version, remainingMs }),
      });
    });
  }

  private take(id: string): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }

  private onReply(message: ConsumeMessage | null): void {
    if (!message) return this.link.renew();
    const call = this.take(message.properties.correlationId as string);
    if (!call) return;
    if (message.properties.type !== 'problem') return call.resolve(message.content);
    call.reject(Problem.fromJSON(JSON.parse(message.content.toString())));
  }

  private refuse(id: string): void {
    const call = this.take(id);
    call?.reject(unavailable(call.service));
  }

  private refuseAll(): void {
    for (const id of this.pending.keys()) this.refuse(id);
  }

  private refuseLate(): void {
    const now = Date.now();
    for (const [id, call] of this.pending) if (call.deadline <= now) this.refuse(id);
  }
}

const unavailable = (service: string): Problem =>
  new Problem('service_unavailable', `The ${service} service did not answer in time`, { retryAfter: 2 });
