import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import {
  accountDataErased,
  accountErased,
  adoptArtifacts,
  type Attempt,
  catalogueChanged,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  openAttempt,
  Problem,
  taskDispatched,
  type TaskDispatched,
} from '#contracts';
import { createService } from '#runtime';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase, StandIn } from '#testing';
import type { Job, WorkerEvent } from '#worker-contract';
import { MlBridgeConfig } from '../src/ml-bridge.config.js';
import { MlBridgeModule } from '../src/ml-bridge.module.js';
import { aDispatch, anEvent } from './a-generation.js';
import { Worker } from './worker.js';

export const hash = 'a'.repeat(64);

/** What a worker delivers for a task that asked for a GLB. */
export const artifacts = [
  { name: 'model.glb', format: 'glb', bytes: 10, sha256: hash, meta: { triangles: 12, engine: 'reference' } },
  { name: 'preview.png', format: 'png', bytes: 5, sha256: hash },
];

/** An attempt that a worker has accepted, and a way to let that worker speak. */
export interface AcceptedAttempt {
  job: Job;
  attempt: Attempt;
  eventOf: (event: Partial<WorkerEvent>) => WorkerEvent;
}

/** The service between a worker, the task service and the storage service, which do only what the test says. */
export class Bridge {
  worker!: Worker;
  task!: StandIn;
  broker!: FreshBroker;
  workersBroker!: FreshBroker;
  /** What the storage service does before it answers. */
  open: () => Promise<void> = async () => {};
  adopt: () => Promise<void> = async () => {};
  /** Where the addresses of its files lead. */
  store = 'http://store';
  private about: Partial<MlBridgeConfig> = {};
  private database!: FreshDatabase;
  private storage!: StandIn;
  private app!: NestFastifyApplication;
  private readonly replicas: NestFastifyApplication[] = [];

  async start(about: Partial<MlBridgeConfig> = {}): Promise<this> {
    this.about = about;
    [this.database, this.broker, this.workersBroker] = await Promise.all([
      freshDatabase(),
      freshBroker(),
      freshBroker(),
    ]);
    await this.startStorage();
    await this.startTask();
    this.app = await this.createApp();
    this.worker = await new Worker().connect(this.workersBroker.url);
    return this;
  }

  /** As after a new release: what was in memory is lost. */
  async restart(): Promise<void> {
    await this.app.close();
    this.app = await this.createApp();
  }

  /** Another process of the same deployment, which ends with this one if not earlier. */
  async replica(about: Partial<MlBridgeConfig> = {}): Promise<NestFastifyApplication> {
    const app = await this.createApp(about);
    this.replicas.push(app);
    return app;
  }

  /** A part of the service as it is now. */
  part<T>(type: Type<T>): T {
    return this.app.get(type);
  }

  /** For looking into the schema behind the service's back. */
  get schema(): DataSource {
    return this.app.get(DataSource);
  }

  /** Announces that the account is gone, as the auth service does. */
  erase(account_id: string): Promise<void> {
    return this.task.announce(accountErased, { account_id });
  }

  async erased(account_id: string): Promise<void> {
    await eventually(() =>
      expect(this.task.heardOf(accountDataErased)).toContainEqual({ account_id, service: 'ml-bridge' }),
    );
  }

  private async createApp(about: Partial<MlBridgeConfig> = {}): Promise<NestFastifyApplication> {
    const config = Object.assign(new MlBridgeConfig(), {
      DATABASE_URL: this.database.urlOf('ml-bridge'),
      RABBITMQ_URL: this.broker.url,
      ML_RABBITMQ_URL: this.workersBroker.url,
      LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: 5,
      ...this.about,
      ...about,
    });
    const app = await createService({ name: 'ml-bridge', config, module: MlBridgeModule.with(config) });
    await app.startAllMicroservices();
    return app;
  }

  async stop(): Promise<void> {
    await this.worker.close();
    await Promise.all([this.app, ...this.replicas].map((app) => app.close()));
    await Promise.all([this.task.stop(), this.storage.stop()]);
    await Promise.all([this.database.drop(), this.broker.drop(), this.workersBroker.drop()]);
  }

  /** Hands an attempt out, as the task service does. */
  async dispatch(about: Partial<TaskDispatched> = {}): Promise<TaskDispatched> {
    const task = aDispatch({ deadline_at: inAMinute(), ...about });
    await this.task.announce(taskDispatched, task);
    return task;
  }

  async accepted(about: Partial<TaskDispatched> = {}): Promise<AcceptedAttempt> {
    const { task_id } = await this.dispatch(about);
    const job = await this.worker.jobOf(task_id);
    const eventOf = eventsOf(job);
    this.worker.say(eventOf({ type: 'accepted' }));
    const attempt = { task_id, attempt: job.attempt };
    await eventually(() => expect(this.task.heardOf(generationAccepted)).toContainEqual(attempt));
    return { job, attempt, eventOf };
  }

  private async startStorage(): Promise<void> {
    this.storage = await new StandIn(this.broker.url, 'storage')
      .answer(openAttempt, async ({ inputs, outputs, delivered, owner_id }) => {
        await this.open();
        if (inputs.some(({ file_id }) => file_id === owner_id)) throw new Problem('file_not_found', 'No such file');
        const input = { url: `${this.store}/in`, content_type: 'image/png', bytes: 1, sha256: hash };
        return {
          inputs: inputs.map(({ file_id }) => ({ file_id, ...input })),
          outputs: outputs.map((output) => ({ ...output, url: `${this.store}/${output.name}`, max_bytes: 1000 })),
          ...(delivered ? { delivered_url: `${this.store}/${delivered}` } : {}),
        };
      })
      .answer(adoptArtifacts, async (request) => {
        await this.adopt();
        return {
          artifacts: request.artifacts.map(({ name, format, bytes, sha256 }) => ({
            name,
            kind: format === 'png' ? ('preview' as const) : ('model' as const),
            format,
            file_id: randomUUID(),
            size_bytes: bytes,
            sha256,
          })),
        };
      })
      .start();
  }

  private async startTask(): Promise<void> {
    this.task = await new StandIn(this.broker.url, 'task')
      .hear(modelOffered, catalogueChanged, generationAccepted, generationProgressed)
      .hear(generationSucceeded, generationFailed, generationCanceled, accountDataErased)
      .start();
  }
}

/** A deadline far enough for a test. */
export const inAMinute = (): string => new Date(Date.now() + 60_000).toISOString();

/** What a worker may say about its job, in its order. */
export function eventsOf({ task_id, attempt, lease_token }: Job): (event: Partial<WorkerEvent>) => WorkerEvent {
  let seq = 0;
  return (event) => anEvent({ task_id, attempt, lease_token, seq: seq++, ...event });
}

/** The bridge of a suite: started before its first test, as good as new after each, and stopped after the last. */
export function bridgeOfSuite(about: Partial<MlBridgeConfig> = {}): Bridge {
  const bridge = new Bridge();
  beforeAll(() => bridge.start(about));
  afterEach(() => {
    bridge.open = async () => {};
    bridge.adopt = async () => {};
  });
  afterAll(() => bridge.stop());
  return bridge;
}
