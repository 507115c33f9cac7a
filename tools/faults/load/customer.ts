import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskStatus, TaskView } from '#contracts';
import { isFinal } from '../final-status.js';
import type { Random } from '../random.js';
import type { Answer, ApiUser } from './api-user.js';
import { eventsOf } from './event-stream.js';
import type { Ledger, Order, Wish } from './ledger.js';

/** Longer than whoever measures the recovery waits for an order. */
const patienceMs = 330_000;
const pollEveryMs = 400;

/** Places orders and sees each through, as a careful integrator's program would: with a key, and again when it got no answer. */
export class Customer {
  constructor(
    private readonly user: ApiUser,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  /** Resolves when the order has ended, or when nobody would wait any longer. */
  async order(wish: Wish, body: object): Promise<Order> {
    const order: Order = {
      key: randomUUID(),
      owner: this.user.id,
      wish,
      postedAt: Date.now(),
      acceptedAt: undefined,
      taskIds: new Set(),
      endedAt: undefined,
      seen: undefined,
      removed: false,
    };
    this.ledger.orders.push(order);
    const posts = wish === 'twice' ? [this.post(order, body), this.post(order, body)] : [this.post(order, body)];
    await Promise.all(posts);
    for (const id of order.taskIds) await this.seeThrough(order, id);
    if (order.seen !== undefined || order.removed) order.endedAt = Date.now();
    return order;
  }

  /** Removes a task at any time of its life; a repeated request may find it gone. */
  async remove(order: Order, id: string): Promise<void> {
    const answer = await this.user.insist('DELETE', `/generate/${id}`);
    if (![204, 404].includes(answer.status)) return this.surprise(`DELETE /generate/${id}`, answer);
    order.removed = true;
    const after = await this.user.insist('GET', `/generate/${id}`);
    if (after.status !== 404) this.surprise(`GET /generate/${id}, which was removed,`, after);
  }

  private async post(order: Order, body: object): Promise<void> {
    const answer = await this.user.insist('POST', '/generate', {
      body: { ...body, metadata: { key: order.key } },
      headers: { 'idempotency-key': order.key },
    });
    if (answer.status !== 202) return this.surprise('POST /generate', answer);
    order.acceptedAt ??= Date.now();
    order.taskIds.add((answer.body as TaskView).task_id);
  }

  private async seeThrough(order: Order, id: string): Promise<void> {
    if (order.wish === 'cancel') await this.cancel(id);
    if (order.wish === 'remove') {
      await delay(this.random.between(0, 4000));
      return this.remove(order, id);
    }
    order.seen = order.wish === 'follow' ? await this.follow(id) : await this.watch(id, order.wish === 'wait');
  }

  private async cancel(id: string): Promise<void> {
    await delay(this.random.between(0, 2500));
    const answer = await this.user.insist('POST', `/generate/${id}/cancel`);
    if (![200, 202, 409].includes(answer.status)) this.surprise(`POST /generate/${id}/cancel`, answer);
  }

  private async watch(id: string, waits: boolean): Promise<TaskStatus | undefined> {
    let progress = 0;
    for (const end = Date.now() + patienceMs; Date.now() < end; await delay(pollEveryMs)) {
      const answer = await this.user.ask('GET', `/generate/${id}${waits ? '?wait=10' : ''}`);
      if (answer.status === 0 || answer.status >= 500) continue;
      if (answer.status !== 200) {
        this.surprise(`GET /generate/${id}`, answer);
        return undefined;
      }
      const task = answer.body as TaskView;
      if (task.progress < progress)
        this.ledger.surprises.push(`the progress of ${id} fell from ${progress} to ${task.progress}`);
      progress = task.progress;
      if (isFinal(task.status)) return task.status;
    }
    return undefined;
  }

  /** Reads the events, and after a break those that follow the last one: none twice, none left out. */
  private async follow(id: string): Promise<TaskStatus | undefined> {
    let last: number | undefined;
    let status: TaskStatus | undefined;
    for (const end = Date.now() + patienceMs; Date.now() < end; await delay(pollEveryMs)) {
      const response = await this.user.stream(`/generate/${id}/events`, last);
      if (!response) continue;
      for await (const { seq, task } of eventsOf(response)) {
        if (last !== undefined && seq !== last + 1)
          this.ledger.surprises.push(`event ${seq} of ${id} came after ${last}`);
        if (status !== undefined && isFinal(status))
          this.ledger.surprises.push(`${id} had an event after it was ${status}`);
        [last, status] = [seq, task.status];
      }
      if (status !== undefined && isFinal(status)) return status;
    }
    return undefined;
  }

  private surprise(what: string, { status, body }: Answer): void {
    this.ledger.surprises.push(`${what} was answered ${status}: ${JSON.stringify(body)?.slice(0, 300)}`);
  }
}
