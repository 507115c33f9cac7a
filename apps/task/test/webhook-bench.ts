import { DataSource } from 'typeorm';
import {
  cancelTask,
  type CreateTask,
  createTask,
  findWebhookSecret,
  listWebhookDeliveries,
  taskDispatched,
  type TaskView,
  type WebhookDeliveryView,
} from '#contracts';
import type { RpcClient } from '#messaging';
import { eventually } from '#testing';
import { aRequest } from './a-task.js';
import { type Arrival, Receiver } from './receiver.js';
import { TaskServers } from './task-service.js';

/** Two replicas of the task service, somebody who takes webhooks, and a look into the database. */
export class WebhookBench {
  receiver: Receiver;

  private constructor(
    readonly servers: TaskServers,
    readonly looking: DataSource,
  ) {}

  static async start(): Promise<WebhookBench> {
    const servers = await TaskServers.start(2, [taskDispatched]);
    const looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
    await servers.offer(0);
    return new WebhookBench(servers, looking);
  }

  /** A receiver that knows nothing of earlier tests. */
  async newReceiver(): Promise<void> {
    this.receiver = await new Receiver().start();
  }

  get rpc(): RpcClient {
    return this.servers.rpc;
  }

  async create(about: Partial<CreateTask>): Promise<TaskView> {
    return (await this.rpc.call(createTask, aRequest(about))).task;
  }

  /** A task that ends at once: nobody has begun it. */
  async ended(owner_id: string, webhook_url: string): Promise<TaskView> {
    const { task_id } = await this.create({ owner_id, webhook_url });
    return (await this.rpc.call(cancelTask, { owner_id, task_id })).task;
  }

  async deliveriesOf(owner_id: string): Promise<WebhookDeliveryView[]> {
    return (await this.rpc.call(listWebhookDeliveries, { owner_id, limit: 100 })).items;
  }

  async only(owner: string): Promise<WebhookDeliveryView> {
    const items = await this.deliveriesOf(owner);
    expect(items).toHaveLength(1);
    return items[0]!;
  }

  /** The one webhook that comes to a path. */
  arrivalAt(path: string): Promise<Arrival> {
    return eventually(() => {
      expect(this.receiver.at(path)).toHaveLength(1);
      return this.receiver.at(path)[0]!;
    });
  }

  /** What a try came to; while it is on its way, the next one is a minute off. */
  tried(owner: string, attempts: number, status: string): Promise<WebhookDeliveryView> {
    return eventually(async () => {
      const delivery = await this.only(owner);
      expect(delivery).toMatchObject({ attempts, status });
      const pauseMs = Date.parse(delivery.next_attempt_at ?? '') - Date.parse(delivery.last_attempt_at ?? '');
      expect(Math.round(pauseMs / 100)).not.toBe(600);
      return delivery;
    });
  }

  async secretOf(account_id: string): Promise<string> {
    return (await this.rpc.call(findWebhookSecret, { account_id })).secret;
  }

  /** Lets time pass for what an account waits for. */
  async makeDue(owner: string): Promise<void> {
    await this.looking.query(
      "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE owner_id = $1 AND status = 'pending'",
      [owner],
    );
  }

  async stop(): Promise<void> {
    await this.looking.destroy();
    await this.servers.stop();
  }
}
