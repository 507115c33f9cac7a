import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import type { Attempt, CancelReason } from '#contracts';
import { envelope, Publisher } from '#messaging';
import { currentRequest } from '#telemetry';
import { type Control, controlExchange, type Job, jobsQueue, workerEventsQueue } from '#worker-contract';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import { CatalogueService } from '../../catalogue/catalogue.service.js';
import { finishPool } from '../../finishing/finishing.js';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import type { Transport } from '../transport.js';
import { declareDeadLetters, parked } from './dead-letters.js';

const jobsQueueOptions = { durable: true, arguments: parked };

/** Everything in the workers' virtual host but the pools of the models, declared by the bridge alone. Declaring it again is harmless. */
export async function declareWorkerTopology(channel: ConfirmChannel): Promise<string> {
  await declareDeadLetters(channel);
  await channel.assertExchange(controlExchange, 'fanout', { durable: true });
  await channel.assertExchange(workerEventsQueue, 'fanout', { durable: true });
  await channel.assertQueue(workerEventsQueue, { durable: true, arguments: parked });
  await channel.bindQueue(workerEventsQueue, workerEventsQueue, '');
  await channel.assertQueue(jobsQueue(finishPool), jobsQueueOptions);
  return workerEventsQueue;
}

/** How many jobs of a pool wait, and how many workers listen for them. */
interface Look {
  messages: number;
  consumers: number;
}

/** Speaks to workers by plain messages: hands them jobs, tells them to stop, and sees how many there are. */
@Injectable()
export class AmqpClient implements Transport, OnModuleInit, OnApplicationShutdown {
  private readonly publisher: Publisher;
  private readonly declared = new Set<string>();
  private readonly looks = new Map<string, Promise<Look | null>>();

  constructor(config: MlBridgeConfig, catalogue: CatalogueService) {
    this.publisher = new Publisher({
      url: config.ML_RABBITMQ_URL,
      name: 'ml-bridge workers',
      declare: async (channel) => {
        await declareWorkerTopology(channel);
        for (const pool of poolsOf(catalogue.all())) await channel.assertQueue(jobsQueue(pool), jobsQueueOptions);
      },
    });
  }

  onModuleInit(): Promise<void> {
    return this.publisher.open();
  }

  onApplicationShutdown(): Promise<void> {
    return this.publisher.close();
  }

  get connected(): boolean {
    return this.publisher.connected;
  }

  /** A job that no worker takes within `lifetimeMs` dies in the queue, and one taken later is not begun: its lease is over. */
  send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    return this.sendTo(poolOf(model), job, lifetimeMs);
  }

  async sendTo(pool: string, job: Job, lifetimeMs: number): Promise<void> {
    const queue = jobsQueue(pool);
    if (!this.declared.has(queue)) await this.lookAt(pool);
    await this.publisher.publish('', queue, Buffer.from(JSON.stringify(job)), {
      messageId: `${job.task_id}:${job.attempt}`,
      type: 'job',
      mandatory: true,
      ...envelope({ requestId: currentRequest()?.requestId, version: job.v, remainingMs: lifetimeMs }),
    });
  }

  cancel(_model: CatalogueModel, attempt: Attempt, reason: CancelReason): Promise<void> {
    return this.tellToStop(attempt, reason);
  }

  /** To every worker, of which the one that has the attempt stops it; or to one alone, while another one goes on with it. */
  tellToStop({ task_id, attempt }: Attempt, reason: CancelReason, workerId?: string): Promise<void> {
    const cancel = { type: 'cancel' as const, at: new Date().toISOString(), task_id, attempt, reason };
    return this.command(workerId === undefined ? { v: 1, ...cancel } : { v: 2, ...cancel, worker_id: workerId });
  }

  private async command(control: Control): Promise<void> {
    await this.publisher.publish(controlExchange, '', Buffer.from(JSON.stringify(control)), {
      messageId: randomUUID(),
      type: 'control',
      persistent: false,
      ...envelope({ version: control.v }),
    });
  }

  /** How many workers listen for the jobs of its pool now: each takes one at a time. */
  async countSlots(model: CatalogueModel): Promise<number> {
    return (await this.lookAt(poolOf(model)))?.consumers ?? 0;
  }

  /** null when the broker does not say. Whoever asks while somebody looks is told what is found then. */
  lookAt(pool: string): Promise<Look | null> {
    const underWay = this.looks.get(pool);
    if (underWay) return underWay;
    const look = this.declare(pool).finally(() => this.looks.delete(pool));
    this.looks.set(pool, look);
    return look;
  }

  private async declare(pool: string): Promise<Look | null> {
    const queue = jobsQueue(pool);
    const found = await this.publisher.declareQueue(queue, jobsQueueOptions);
    if (found) this.declared.add(queue);
    return found;
  }
}

function poolOf({ offer, transport }: CatalogueModel): string {
  if (transport.type !== 'amqp') throw new Error(`the workers of ${offer.id} do not speak AMQP`);
  return transport.pool;
}

const poolsOf = (models: readonly CatalogueModel[]): string[] =>
  models.flatMap(({ transport }) => (transport.type === 'amqp' ? [transport.pool] : []));
