import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Event, listModels, type ModelOffer, modelOffered } from '#contracts';
import { RpcClient } from '#messaging';
import { createService } from '#runtime';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase, StandIn } from '#testing';
import { TaskConfig } from '../src/task.config.js';
import { TaskModule } from '../src/task.module.js';
import { anOffer } from './a-task.js';

/** The task service on a database and a virtual host of its own, a caller, and a bridge that does only what the test says. */
export class TaskServers {
  private readonly replicas: NestFastifyApplication[] = [];

  private constructor(
    readonly database: FreshDatabase,
    readonly broker: FreshBroker,
    readonly rpc: RpcClient,
    readonly bridge: StandIn,
  ) {}

  /** Starts so many replicas. The bridge remembers these facts. */
  static async start(replicas: number, heardByBridge: Event[] = []): Promise<TaskServers> {
    const [database, broker] = await Promise.all([freshDatabase(), freshBroker()]);
    const rpc = new RpcClient({ url: broker.url, name: 'test', timeoutMs: 20_000 });
    const bridge = new StandIn(broker.url, 'ml-bridge').hear(...heardByBridge);
    const servers = new TaskServers(database, broker, rpc, bridge);
    await Promise.all(Array.from({ length: replicas }, () => servers.startReplica()));
    await rpc.open();
    await bridge.start();
    return servers;
  }

  /** One more replica, with limits short enough for a test to wait for, or those that the test is about. */
  async startReplica(about: Partial<TaskConfig> = {}): Promise<void> {
    const config = Object.assign(new TaskConfig(), {
      DATABASE_URL: this.database.urlOf('task'),
      RABBITMQ_URL: this.broker.url,
      LOG_LEVEL: 'silent',
      LEASE_SECONDS: 3,
      CANCEL_CONFIRM_SECONDS: 1,
      MAX_QUEUED_TASKS_PER_ACCOUNT: 5,
      DATABASE_POOL_SIZE: 6,
      WEBHOOKS_SECRET: 'a secret of the tests, thirty-two characters and more',
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      ...about,
    });
    const app = await createService({ name: 'task', config, module: TaskModule.with(config) });
    this.replicas.push(app);
    await app.startAllMicroservices();
  }

  async stopReplicas(): Promise<void> {
    await Promise.all(this.replicas.splice(0).map((replica) => replica.close()));
  }

  /** Offers a model with so many slots, and waits until that is known. */
  async offer(slots: number, about: Partial<ModelOffer> = {}): Promise<void> {
    const status = slots > 0 ? 'ready' : 'unavailable';
    const offer = anOffer(about);
    await this.bridge.announce(modelOffered, { ...offer, slots });
    await eventually(async () => {
      const { models } = await this.rpc.call(listModels, {});
      expect(models.find(({ id }) => id === offer.id)?.status).toBe(status);
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.rpc.close(), this.bridge.stop()]);
    await this.stopReplicas();
    await Promise.all([this.database.drop(), this.broker.drop()]);
  }
}
