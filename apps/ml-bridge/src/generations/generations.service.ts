import { Injectable } from '@nestjs/common';
import {
  type Attempt,
  openAttempt,
  Problem,
  type PromisedOutput,
  type TaskCancelRequested,
  type TaskDispatched,
  type TaskOfOwner,
  generationFailed,
  type TaskError,
} from '#contracts';
import { RpcClient } from '#messaging';
import { announce, databaseTime } from '#persistence';
import { currentOrigin } from '#telemetry';
import { DataSource } from 'typeorm';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { TransportsService } from '../transports/transports.service.js';
import { canceledUnseen, type Generation, isOver, isWanted } from './generation.js';
import { GenerationsRepository } from './generations.repository.js';
import { jobOutputs } from './job-parts.js';
import { finishingOf, inputsOf, jobOf, outputsOf } from './job.js';

/** Turns handed-out tasks into jobs for workers. Every step may be repeated: the attempt number fences the rest. */
@Injectable()
export class GenerationsService {
  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly rpc: RpcClient,
    private readonly catalogue: CatalogueService,
    private readonly transports: TransportsService,
    private readonly config: MlBridgeConfig,
  ) {}

  async start(task: TaskDispatched): Promise<void> {
    const model = this.catalogue.find(task.model);
    if (!model) return this.giveUp(task, new Problem('model_not_found', `There is no model "${task.model}" any more`));
    await this.generations.insertOnce(aGeneration(task, model, new Date()));
    const generation = await this.generations.find(task);
    if (!generation || !isWanted(generation)) return;
    try {
      await this.sendJob(task, model, generation.outputs);
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'service_unavailable') throw error;
      await this.giveUp(task, error);
    }
  }

  /** Best effort: a worker that is not reached now is told again when it next reports. */
  async cancel({ task_id, attempt, reason }: TaskCancelRequested): Promise<void> {
    await this.generations.markCanceled(canceledUnseen({ task_id, attempt }, reason, new Date()));
    const generation = await this.generations.find({ task_id, attempt });
    if (generation) await this.transports.cancel(generation, reason);
  }

  /** The task is gone: its workers are told to stop before its attempts are forgotten. */
  async forget({ task_id: taskId }: TaskOfOwner): Promise<void> {
    const generations = await this.generations.ofTask(taskId);
    for (const generation of generations.filter((it) => !isOver(it))) {
      await this.transports.cancel(generation, 'user');
    }
    await this.generations.remove(generations);
  }

  private async sendJob(task: TaskDispatched, model: CatalogueModel, outputs: PromisedOutput[]): Promise<void> {
    const now = await databaseTime(this.database.manager); // the clock that set the deadline
    const opened = await this.rpc.call(openAttempt, {
      owner_id: task.owner_id,
      task_id: task.task_id,
      attempt: task.attempt,
      inputs: inputsOf(task),
      outputs,
      outside: model.transport.type === 'http', // its workers are anywhere
      expires_seconds: urlLifetimeSeconds(task, now),
    });
    const files = { inputs: opened.inputs, outputs: jobOutputs(opened, outputs) };
    const job = jobOf(task, model, files, this.config.WORKER_HEARTBEAT_MS, now);
    await this.transports.send(model, job, Math.min(task.lease_seconds * 1000, job.budget_ms));
  }

  /** What can never become a job ends the task with the reason; what a bug of ours kept from it is tried again. */
  private async giveUp(task: Attempt, { code, message }: Problem): Promise<void> {
    const error: TaskError = {
      code: code === 'file_not_found' ? 'input_unavailable' : code,
      message,
      retryable: code === 'internal_error',
      stage: null,
    };
    await this.database.transaction((tx) =>
      announce(tx, generationFailed, { task_id: task.task_id, attempt: task.attempt, error }),
    );
  }
}

function aGeneration(task: TaskDispatched, model: CatalogueModel, now: Date): Generation {
  return {
    taskId: task.task_id,
    attempt: task.attempt,
    ownerId: task.owner_id,
    ...currentOrigin(),
    model: task.model,
    leaseToken: task.lease_token,
    outputs: outputsOf(task, model),
    finishing: model.finish ? finishingOf(task, model) : null,
    status: 'dispatched',
    workerId: null,
    lastSeq: -1,
    stage: null,
    percent: 0,
    cancelReason: null,
    createdAt: now,
    heardAt: null,
    progressedAt: null,
    stageSince: null,
  };
}

/** Until the deadline and a quarter of an hour more, within what S3 allows (7 days). */
const urlLifetimeSeconds = ({ deadline_at }: TaskDispatched, now: Date): number =>
  Math.min(604_800, Math.max(60, Math.ceil((Date.parse(deadline_at) - now.getTime()) / 1000)) + 900);
