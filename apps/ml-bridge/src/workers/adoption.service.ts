import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  adoptArtifacts,
  type AdoptedArtifact,
  type GenerationProgressed,
  generationProgressed,
  Problem,
  type TaskError,
} from '#contracts';
import { RpcClient } from '#messaging';
import { announce } from '#persistence';
import type { ArtifactReport } from '#worker-contract';
import type { Generation } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import { faultOfReport, reportOf } from './worker-words.js';

/** What became of what was delivered. */
export type Adoption =
  | { type: 'failed'; error: TaskError }
  | { type: 'succeeded'; artifacts: AdoptedArtifact[]; quality_report: Record<string, unknown> | null };

const adoptTimeoutMs = 60_000;

/**
 * Has the storage service take over what a worker delivered. That may take longer than the lease, and the worker has nothing to report
 * any more: meanwhile we do, so that nobody takes the attempt for lost.
 */
@Injectable()
export class AdoptionService {
  private readonly logger = new Logger(AdoptionService.name);

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly rpc: RpcClient,
    private readonly config: MlBridgeConfig,
  ) {}

  /** Success counts only when every artifact that the attempt had to bring is there with its size and hash. */
  async adopt(generation: Generation, reported: ArtifactReport[]): Promise<Adoption> {
    const { outputs, stage } = generation;
    const isPromised = (it: ArtifactReport): boolean =>
      outputs.some(({ name, format }) => it.name === name && it.format === format);
    const promised = reported.filter(isPromised);
    const missing = outputs.filter(
      ({ name, required }) => required !== false && !promised.some((it) => it.name === name),
    );
    if (missing.length > 0) return rejected(`missing: ${missing.map(({ name }) => name).join(', ')}`, stage);
    const report = reportOf(reported);
    const fault = faultOfReport(report);
    if (fault) return rejected(fault, stage);
    try {
      const artifacts = promised.map(({ name, format, bytes, sha256 }) => ({ name, format, bytes, sha256 }));
      return { type: 'succeeded', artifacts: await this.takeOver(generation, artifacts), quality_report: report };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'output_rejected') return rejected(error.message, stage);
      if (error.code === 'not_found') return unwanted(error.message, stage);
      throw error;
    }
  }

  private async takeOver(generation: Generation, artifacts: ArtifactReport[]): Promise<AdoptedArtifact[]> {
    const { ownerId: owner_id, taskId: task_id, attempt } = generation;
    const stop = this.report(generation);
    try {
      return (await this.rpc.call(adoptArtifacts, { owner_id, task_id, attempt, artifacts }, adoptTimeoutMs)).artifacts;
    } finally {
      await stop();
    }
  }

  /** Reports that the attempt goes on, at once and with every heartbeat. Nothing is reported after the returned function has resolved. */
  private report({ taskId: task_id, attempt, percent }: Generation): () => Promise<void> {
    const progress = { task_id, attempt, percent, stage: 'store' };
    let reporting = Promise.resolve();
    const say = (): void => {
      reporting = reporting
        .then(() => this.database.transaction((tx) => this.goOn(tx, progress)))
        .catch((error: Error) => this.logger.warn(error.message));
    };
    const timer = setInterval(say, this.config.WORKER_HEARTBEAT_MS);
    say();
    return () => {
      clearInterval(timer);
      return reporting;
    };
  }

  private async goOn(tx: EntityManager, progress: GenerationProgressed): Promise<void> {
    await this.generations.keepAlive(tx, progress);
    await announce(tx, generationProgressed, progress);
  }
}

/** The task has ended, or its account was erased: nobody is left to try it again for. */
const unwanted = (message: string, stage: string | null): Adoption => ({
  type: 'failed',
  error: { code: 'not_found', message, retryable: false, stage },
});

const rejected = (message: string, stage: string | null): Adoption => ({
  type: 'failed',
  error: { code: 'output_rejected', message, retryable: true, stage },
});
