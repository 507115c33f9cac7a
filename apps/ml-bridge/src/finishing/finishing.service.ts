import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { generationFailed, generationProgressed, openAttempt, Problem } from '#contracts';
import { RpcClient } from '#messaging';
import { announce, databaseTime, RecurringWork } from '#persistence';
import { withOrigin } from '#telemetry';
import { failureOf, taskErrorOf } from '../generations/attempt-failure.js';
import { attemptOf, finishingStage, type Generation } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import { AmqpClient } from '../transports/amqp/amqp.client.js';
import { inTrace } from '../transports/job-trace.js';
import { faultOf, finishingJob, finishPool, handedBack, needOf, rawOutput, sent } from './finishing.js';

/** A job that no finisher has taken after this long, while none waits in the queue, was lost with its queue. */
const lostAfterMs = 60_000;

/**
 * Has our own engines make the formats, previews and measurements of what others have generated. While the GLB waits for one of them, or
 * for the end of a silence, the lease of the attempt is renewed from here; a finisher that stays silent is replaced without generating
 * anything again.
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
    const all = await this.generations.finishing();
    if (all.length === 0) return;
    const now = await databaseTime(this.database.manager);
    const queueIsEmpty = (await this.workers.lookAt(finishPool))?.messages === 0;
    const seenTo = all.map((generation) =>
      withOrigin(generation, generation.taskId, () =>
        this.seeTo(generation, queueIsEmpty, now).catch((error: unknown) =>
          this.logger.warn({ ...attemptOf(generation), err: error }),
        ),
      ),
    );
    await Promise.all(seenTo); // all at once: one that has to wait must not cost another its lease
  }

  private async seeTo(generation: Generation, queueIsEmpty: boolean, now: Date): Promise<void> {
    const need = needOf(generation, now);
    const sentAt = generation.finishing?.sentAt ?? null;
    const isUntaken = sentAt !== null && generation.workerId === null && queueIsEmpty;
    const isLost = isUntaken && now.getTime() - Date.parse(sentAt) > lostAfterMs;
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
      await inTrace(job, (traced) => this.workers.sendTo(finishPool, traced, job.budget_ms));
      await this.database.transaction(async (tx) => {
        const current = await this.lock(tx, generation);
        if (current) await this.generations.save(tx, sent(current, now));
      });
    } catch (error) {
      if (error instanceof Problem && error.code !== 'service_unavailable') return this.giveUp(generation);
      await this.renew(generation); // it is tried again
      throw error;
    }
  }

  private async replaceFinisher(generation: Generation): Promise<void> {
    this.logger.warn({ ...attemptOf(generation), message: 'its finisher is silent' });
    if (faultOf(generation, failureOf('worker_lost')) === 'hopeless') return this.giveUp(generation);
    const now = await databaseTime(this.database.manager);
    const token = newLeaseToken();
    const isReplaced = await this.database.transaction(async (tx) => {
      const current = await this.lock(tx, generation);
      if (!current || current.heardAt?.getTime() !== generation.heardAt?.getTime()) return false;
      await this.generations.save(tx, handedBack(current, token, now));
      await goesOn(tx, current);
      return true;
    });
    if (!isReplaced) return; // it has just been heard after all
    await this.workers.tellToStop(attemptOf(generation), 'stale', generation.workerId ?? undefined);
    this.wake();
  }

  private async renew(generation: Generation): Promise<void> {
    await this.database.transaction((tx) => goesOn(tx, generation));
  }

  /** As it is now; null when somebody else has gone on with it, or ended it. */
  private async lock(tx: EntityManager, generation: Generation): Promise<Generation | null> {
    const current = await this.generations.lock(tx, attemptOf(generation));
    return current?.leaseToken === generation.leaseToken && current.status === 'accepted' ? current : null;
  }

  private async giveUp(generation: Generation): Promise<void> {
    const error = taskErrorOf(failureOf('worker_lost'), finishingStage);
    await this.database.transaction(async (tx) => {
      const current = await this.lock(tx, generation);
      if (!current) return;
      await this.generations.save(tx, { ...current, status: 'failed' });
      await announce(tx, generationFailed, { ...attemptOf(generation), error });
    });
  }
}

/** For one finisher alone: what is said with an older one is stale. */
export const newLeaseToken = (): string => randomBytes(24).toString('base64url');

/** Renews the lease of the attempt. */
const goesOn = (tx: EntityManager, generation: Generation): Promise<void> =>
  announce(tx, generationProgressed, {
    ...attemptOf(generation),
    percent: generation.percent,
    stage: finishingStage,
  });
