import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  adoptArtifacts,
  type AdoptArtifacts,
  type AdoptedArtifact,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  openAttempt,
} from '#contracts';
import { createService } from '#runtime';
import { type FreshBroker, freshBroker, type FreshDatabase, freshDatabase, StandIn } from '#testing';
import { MlBridgeConfig } from '../../apps/ml-bridge/src/ml-bridge.config.js';
import { MlBridgeModule } from '../../apps/ml-bridge/src/ml-bridge.module.js';
import { sha256 } from '../../apps/ml-bridge/test/store.js';
import { ObjectStore } from './object-store.js';

/** The real bridge between stand-ins of the task and the storage service, which keep a plain object store. */
export class BridgeUnderTest {
  readonly store = new ObjectStore();
  task!: StandIn;
  /** The workers' virtual host. */
  workersBroker!: FreshBroker;
  private broker!: FreshBroker;
  private database!: FreshDatabase;
  private storage!: StandIn;
  private app!: NestFastifyApplication;
  private settings: Partial<MlBridgeConfig> = {};

  async start(settings: (workersBroker: FreshBroker) => Partial<MlBridgeConfig>): Promise<this> {
    [this.database, this.broker, this.workersBroker] = await Promise.all([
      freshDatabase(),
      freshBroker(),
      freshBroker(),
    ]);
    this.settings = settings(this.workersBroker);
    await this.store.start();
    await Promise.all([this.startStorage(), this.startTask()]);
    await this.startApp();
    return this;
  }

  /** As after a new release: what was in memory is lost. */
  async restart(): Promise<void> {
    await this.app.close();
    await this.startApp();
  }

  async stop(): Promise<void> {
    await this.app.close();
    await Promise.all([this.task.stop(), this.storage.stop(), this.store.stop()]);
    await Promise.all([this.database.drop(), this.broker.drop(), this.workersBroker.drop()]);
  }

  private async startApp(): Promise<void> {
    const config = Object.assign(new MlBridgeConfig(), {
      DATABASE_URL: this.database.urlOf('ml-bridge'),
      RABBITMQ_URL: this.broker.url,
      ML_RABBITMQ_URL: this.workersBroker.url,
      LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: 5,
      WORKER_HEARTBEAT_MS: 1000,
      ...this.settings,
    });
    this.app = await createService({ name: 'ml-bridge', config, module: MlBridgeModule.with(config) });
    await this.app.startAllMicroservices();
  }

  private async startStorage(): Promise<void> {
    this.storage = await new StandIn(this.broker.url, 'storage')
      .answer(openAttempt, ({ inputs, outputs, task_id, attempt }) =>
        Promise.resolve({
          inputs: inputs.map(({ file_id }) => this.store.input(file_id)),
          outputs: outputs.map((output) => ({
            ...output,
            url: this.store.urlOf(keyOf(task_id, attempt, output.name)),
            max_bytes: 1_000_000,
          })),
        }),
      )
      .answer(adoptArtifacts, (request) => Promise.resolve({ artifacts: this.adopt(request) }))
      .start();
  }

  /** As the storage service does, which believes nobody: what is adopted was written, and is what was reported. */
  private adopt({ task_id, attempt, artifacts }: AdoptArtifacts): AdoptedArtifact[] {
    return artifacts.map(({ name, format, bytes, sha256: hash }) => {
      const content = this.store.read(keyOf(task_id, attempt, name));
      if (content?.length !== bytes || sha256(content) !== hash) throw new Error(`${name} is not what was reported`);
      const kind = format === 'png' ? 'preview' : 'model';
      return { name, kind, format, file_id: randomUUID(), size_bytes: bytes, sha256: hash };
    });
  }

  private async startTask(): Promise<void> {
    this.task = await new StandIn(this.broker.url, 'task')
      .hear(modelOffered, generationAccepted, generationProgressed)
      .hear(generationSucceeded, generationFailed, generationCanceled)
      .start();
  }
}

/** Where an attempt writes an output. */
export const keyOf = (taskId: string, attempt: number, name: string): string => `tmp/${taskId}/${attempt}/${name}`;
