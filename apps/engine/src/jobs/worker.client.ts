import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { BrokerChannel, envelope, LateMessages, Publisher } from '#messaging';
import {
  ContractViolation,
  controlExchange,
  type Job,
  jobsQueue,
  parseControl,
  parseJob,
  type WorkerEvent,
  workerEventsQueue,
} from '#worker-contract';
import { EngineConfig } from '../engine.config.js';
import { JobsService } from './jobs.service.js';

const retryTopologyMs = 1000;
/** Our clock may differ from the bridge's by this much: deadlines travel as points in time. */
const clockToleranceMs = 2000;
/** How often a job is given back because this engine is busy; well below the queue's delivery limit. */
const handOvers = 4;

/** The worker's side of the broker: takes the jobs of a pool, hears controls, publishes events with confirms. It declares only its own queue. */
export class WorkerClient implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(WorkerClient.name);
  private readonly publisher: Publisher;
  private readonly link: BrokerChannel;
  private readonly late = new LateMessages(this.logger);
  private consumerTag: string | null = null;

  constructor(
    config: EngineConfig,
    readonly pool: string,
    private readonly jobs: JobsService,
  ) {
    const url = config.ML_RABBITMQ_URL;
    const name = `${config.WORKER_ID} ${pool}`;
    this.publisher = new Publisher({ url, name });
    this.link = new BrokerChannel({ url, name, setup: (channel) => this.subscribe(channel) });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.publisher.open();
    await this.link.open();
  }

  /** Takes no more jobs; the jobs service then ends the one that runs. */
  async onModuleDestroy(): Promise<void> {
    if (this.consumerTag) await this.link.cancel(this.consumerTag);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.link.close(), this.publisher.close()]);
  }

  get connected(): boolean {
    return this.publisher.connected && this.link.current !== null && this.consumerTag !== null;
  }

  private async subscribe(channel: ConfirmChannel): Promise<void> {
    this.consumerTag = null;
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
    await channel.bindQueue(queue, controlExchange, '');
    await channel.consume(queue, (message) => message && this.onControl(message), { noAck: true });
    await channel.prefetch(1);
    const { consumerTag } = await channel.consume(jobsQueue(this.pool), (message) => {
      if (message) void this.onJob(channel, message);
      else this.link.renew();
    });
    this.consumerTag = consumerTag;
  }

  private onControl({ content }: ConsumeMessage): void {
    try {
      this.jobs.obey(parseControl(content));
    } catch (error) {
      this.logger.warn({ err: error });
    }
  }

  /**
   * The broker gives jobs in turn to all whose hands are free, and ours are as soon as a job is acknowledged: one that comes while
   * another runs goes back, so that an idle engine gets it. When it has come back a few times there is none, and it waits here.
   *
   * One whose lease is over is left alone: another attempt has taken its place.
   *
   * Acknowledged once `accepted` is with the broker: from then on the lease guards the job, not the message.
   */
  private async onJob(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    if (this.late.isLate(message.properties, Date.now() - clockToleranceMs)) return channel.ack(message);
    const deliveries = Number(message.properties.headers?.['x-delivery-count'] ?? 0);
    if (this.jobs.busy && deliveries < handOvers) return this.giveBack(channel, message, true);
    try {
      const job: Job = parseJob(message.content);
      await this.jobs.take(job, (event) => this.publish(event));
      channel.ack(message);
    } catch (error) {
      const isPoison = error instanceof ContractViolation;
      this.logger.warn({ err: error, parked: isPoison });
      setTimeout(() => this.giveBack(channel, message, !isPoison), isPoison ? 0 : retryTopologyMs);
    }
  }

  private giveBack(channel: ConfirmChannel, message: ConsumeMessage, requeue: boolean): void {
    try {
      channel.reject(message, requeue);
    } catch {
      // the channel went away: the broker gives the message to somebody else
    }
  }

  private publish(event: WorkerEvent): Promise<void> {
    return this.publisher.publish(workerEventsQueue, '', Buffer.from(JSON.stringify(event)), {
      messageId: event.event_id,
      type: 'event',
      ...envelope({ version: event.v }),
    });
  }
}
