import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import type { Attempt, CancelReason } from '#contracts';
import { currentRequest, envelope, Publisher } from '#messaging';
import { type Control, controlExchange, type Job, jobsQueue, workerEventsQueue } from '#worker-contract';
import { pools } from '../catalogue/catalogue.js';
import { MlBridgeConfig } from '../ml-bridge.config.js';

const deadExchange = 'ml.dead';
const oneWeekMs = 604_800_000;

/** Everything in the workers' virtual host, declared by the bridge alone. Declaring it again is harmless. */
export async function declareWorkerTopology(channel: ConfirmChannel): Promise<string> {
  await channel.assertExchange(deadExchange, 'fanout', { durable: true });
  await channel.assertQueue(deadExchange, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': oneWeekMs, 'x-max-length': 10_000 },
  });
  await channel.bindQueue(deadExchange, deadExchange, '');
  await channel.assertExchange(controlExchange, 'fanout', { durable: true });
  await channel.assertExchange(workerEventsQueue, 'fanout', { durable: true });
  const parked = { 'x-queue-type': 'quorum', 'x-delivery-limit': 8, 'x-dead-letter-exchange': deadExchange };
  await channel.assertQueue(workerEventsQueue, { durable: true, arguments: parked });
  await channel.bindQueue(workerEventsQueue, workerEventsQueue, '');
  for (const pool of pools) await channel.assertQueue(jobsQueue(pool), { durable: true, arguments: parked });
  return workerEventsQueue;
}

/** Speaks to the workers: hands them jobs, tells them to stop, and sees how many there are. */
@Injectable()
export class WorkerClient implements OnModuleInit, OnApplicationShutdown {
  private readonly publisher: Publisher;

  constructor(config: MlBridgeConfig) {
    this.publisher = new Publisher({
      url: config.ML_RABBITMQ_URL,
      name: 'ml-bridge workers',
      declare: async (channel) => {
        await declareWorkerTopology(channel);
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
  async send(pool: string, job: Job, lifetimeMs: number): Promise<void> {
    await this.publisher.publish('', jobsQueue(pool), Buffer.from(JSON.stringify(job)), {
      messageId: `${job.task_id}:${job.attempt}`,
      type: 'job',
      mandatory: true,
      ...envelope({ requestId: currentRequest()?.requestId, version: job.v, remainingMs: lifetimeMs }),
    });
  }

  /** To every worker; the one that has the attempt stops it. */
  cancel({ task_id, attempt }: Attempt, reason: CancelReason): Promise<void> {
    return this.command({ v: 1, type: 'cancel', at: new Date().toISOString(), task_id, attempt, reason });
  }

  /** To one worker: it stops the attempt, which another one goes on with. */
  cancelAt(workerId: string, { task_id, attempt }: Attempt, reason: CancelReason): Promise<void> {
    const at = new Date().toISOString();
    return this.command({ v: 2, type: 'cancel', at, task_id, attempt, reason, worker_id: workerId });
  }

  private async command(control: Control): Promise<void> {
    await this.publisher.publish(controlExchange, '', Buffer.from(JSON.stringify(control)), {
      messageId: randomUUID(),
      type: 'control',
      persistent: false,
      ...envelope({ version: control.v }),
    });
  }

  /** How many workers listen for a pool's jobs now: each takes one at a time. */
  async countWorkers(pool: string): Promise<number> {
    return (await this.publisher.inspect(jobsQueue(pool)))?.consumers ?? 0;
  }
}
