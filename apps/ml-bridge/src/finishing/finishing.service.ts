import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Attempt, generationFailed, generationProgressed, openAttempt, Problem } from '#contracts';
import { RpcClient } from '#messaging';
import { announce, databaseTime, RecurringWork } from '#persistence';
import { failureOf } from '../generations/attempt-failure.js';
import { finishingStage, type Generation } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import { AmqpClient } from '../transports/amqp/amqp.client.js';
import { faultOf, finishingJob, finishPool, handedBack, needOf, rawOutput, sent } from './finishing.js';

/** A job that no finisher has taken after this long, while none waits in the queue, was lost with its queue. */
const lostAfterMs = 60_000;

/**
 * Has our own engines make the formats, previews and measurements of what others have generated. While the GLB waits for one of them,
 * the lease of the attempt is renewed from here; a finisher that falls silent is replaced without generating anything again.
 */
@Injectable()
export class FinishingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(FinishingService.name);
  private readonly work: RecurringWork;

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly workers: AmqpClient,
    private readonly rpc: RpcClient,
    private readonly config: MlBridgeConfig,
  ) {
    this.work = new RecurringWork(FinishingService.name, config.WORKER_HEARTBEAT_MS, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** Something has been delivered: looks soon. */
  wake(): void {
    this.work.wake();
  }

  private async round(): Promise<void> {
    const now = await databaseTime(this.database.manager);
    const all = await this.generations.finishing();
    if (all.length === 0) return;
    const queueIsEmpty = (await this.workers.lookAt(finishPool))?.messages === 0;
    for (const generation of all) {
      await this.seeTo(generation, queueIsEmpty, now).catch((error: unknown) =>
        this.logger.warn({ task_id: generation.taskId, attempt: generation.attempt, err: error }),
      );
    }
  }

  private async seeTo(generation: Generation, queueIsEmpty: boolean, now: Date): Promise<void> {
    const need = needOf(generation, now);
    const sentAt = generation.finishing?.sentAt ?? null;
    const isLost = sentAt !== null && queueIsEmpty && now.getTime() - Date.parse(sentAt) > lostAfterMs;
    if (need === 'send') return this.send(generation);
    if (need === 'return' || (need === 'renew' && isLost)) return this.replaceFinisher(generation);
    if (need === 'renew') await this.renew(generation);
  }

  /** The job may be sent twice, by two replicas: the first finisher that accepts has it. */
  private async send(generation: Generation): Promise<void> {
    const attempt = attemptOf(generation);
    try {
      const now = await databaseTime(this.database.manager);
      const files = await this.rpc.call(openAttempt, {
        ...attempt,
        owner_id: generation.ownerId,
        inputs: [],
        outputs: generation.outputs,
        delivered: rawOutput.name,
        expires_seconds: 86_400,
      });
      const job = finishingJob(generation, files, this.config.WORKER_HEARTBEAT_MS, now);
      await this.workers.sendTo(finishPool, job, job.budget_ms);
      await this.change(generation, (current) => sent(current, now));
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'service_unavailable') throw error;
      await this.giveUp(generation);
    }
  }

  private async replaceFinisher(generation: Generation): Promise<void> {
    this.logger.warn({ ...attemptOf(generation), message: 'its finisher is silent' });
    if (faultOf(generation, failureOf('worker_lost')) === 'hopeless') return this.giveUp(generation);
    const now = await databaseTime(this.database.manager);
    const token = newLeaseToken();
    await this.change(generation, (current) => handedBack(current, token, now));
    await this.workers.tellToStop(attemptOf(generation), 'stale', generation.workerId ?? undefined);
    this.wake();
  }

  private async renew(generation: Generation): Promise<void> {
    const { percent } = generation;
    await this.database.transaction((tx) =>
      announce(tx, generationProgressed, { ...attemptOf(generation), percent, stage: finishingStage }),
    );
  }

  /** Only as long as nobody else has gone on with it. */
  private change(generation: Generation, next: (current: Generation) => Generation): Promise<void> {
    return this.database.transaction(async (tx) => {
      const current = await this.generations.lock(tx, attemptOf(generation));
      if (current?.leaseToken === generation.leaseToken && current.status === 'accepted')
        await this.generations.save(tx, next(current));
    });
  }

  private async giveUp(generation: Generation): Promise<void> {
    const { code, message, retryable } = failureOf('worker_lost');
    await this.database.transaction(async (tx) => {
      const current = await this.generations.lock(tx, attemptOf(generation));
      if (current?.leaseToken !== generation.leaseToken || current.status !== 'accepted') return;
      await this.generations.save(tx, { ...current, status: 'failed' });
      const error = { code, message, retryable, stage: finishingStage };
      await announce(tx, generationFailed, { ...attemptOf(generation), error });
    });
  }
}

/** For one finisher alone: what is said with an older one is stale. */
export const newLeaseToken = (): string => randomBytes(24).toString('base64url');

const attemptOf = ({ taskId, attempt }: Generation): Attempt => ({ task_id: taskId, attempt });
