import { DataSource } from 'typeorm';
import {
  type Attempt,
  generationAccepted,
  generationFailed,
  generationSucceeded,
  listModels,
  taskCancelRequested,
  taskDispatched,
  type TaskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import { anArtifact } from './a-task.js';
import { TaskServers } from './task-service.js';

/** A request that both models can do, `first` if it may be. */
export const either = { model: 'first', fallback_models: ['second'], params: { target_polycount: 200 } };

/** The model that knows less. */
export const second = {
  id: 'second',
  params_schema: {
    type: 'object',
    additionalProperties: false,
    properties: { seed: { type: 'integer', maximum: 99 }, target_polycount: { type: 'integer' } },
  },
};

/** Two replicas of the task service, in which a model rests after two failures, and two models whose workers do what the test says. */
export class TwoModels {
  private constructor(
    readonly servers: TaskServers,
    readonly database: DataSource,
  ) {}

  static async start(): Promise<TwoModels> {
    const servers = await TaskServers.start(0, [taskDispatched, taskCancelRequested]);
    const limits = { MODEL_FAILURES: 2, MAX_QUEUED_TASKS_PER_ACCOUNT: 100 };
    await Promise.all([servers.startReplica(limits), servers.startReplica(limits)]);
    const url = servers.database.urlOf('task');
    return new TwoModels(servers, await new DataSource({ type: 'postgres', url }).initialize());
  }

  async stop(): Promise<void> {
    await this.database.destroy();
    await this.servers.stop();
  }

  /** Forgets all tasks and models. */
  async clear(): Promise<void> {
    await this.database.query('DELETE FROM tasks');
    await this.database.query('DELETE FROM models');
  }

  /** Offers both with so many slots each. */
  async offer(first: number, other: number): Promise<void> {
    await Promise.all([this.servers.offer(first, { id: 'first' }), this.servers.offer(other, second)]);
  }

  async statusOf(id: string): Promise<string | undefined> {
    return (await this.servers.rpc.call(listModels, {})).models.find((model) => model.id === id)?.status;
  }

  attemptsOf(task_id: string): TaskDispatched[] {
    return this.servers.bridge.heardOf(taskDispatched).filter((it) => it.task_id === task_id);
  }

  /** Resolves when an attempt of the task was handed to that model. */
  handedTo(task_id: string, model: string, attempt = 1): Promise<Attempt> {
    return eventually(() => {
      const found = this.attemptsOf(task_id).find((it) => it.attempt === attempt);
      expect(found?.model).toBe(model);
      return { task_id, attempt };
    }, 8000);
  }

  accept({ task_id, attempt }: Attempt): Promise<void> {
    return this.servers.bridge.announce(generationAccepted, { task_id, attempt });
  }

  fail({ task_id, attempt }: Attempt, code = 'model_error', retryable = true): Promise<void> {
    const error = { code, message: 'it broke', retryable, stage: 'texture' };
    return this.servers.bridge.announce(generationFailed, { task_id, attempt, error });
  }

  succeed({ task_id, attempt }: Attempt): Promise<void> {
    const result = { artifacts: [anArtifact()], quality_report: null };
    return this.servers.bridge.announce(generationSucceeded, { task_id, attempt, ...result });
  }
}
