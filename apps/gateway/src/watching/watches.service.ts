import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Problem, taskChanged, taskRemoved } from '#contracts';
import { BroadcastListener } from '#messaging';
import { metrics } from '#telemetry';
import { Watch } from './watch.js';

/** As many tasks as an account may have waiting, by default. */
export const mostOfAccount = 100;
/** Each is a connection, and looks by itself every few seconds. */
export const mostOfGateway = 5000;
/** Everybody looks when facts were missed, but not in one moment. */
const lookWithinMs = 2000;

/** Who watches which task at this gateway: woken when the task changes, and all of them when facts were missed. */
@Injectable()
export class WatchesService implements OnModuleInit, OnModuleDestroy {
  private readonly ofTask = new Map<string, Set<Watch>>();
  private readonly ofAccount = new Map<string, number>();
  private count = 0;
  private leaving = false;
  private stopTelling = (): void => undefined;

  constructor(private readonly facts: BroadcastListener) {}

  onModuleInit(): void {
    this.stopTelling = metrics.watchesOpen.from(() => [{ value: this.count }]);
    this.facts.on(taskChanged, ({ task_id }) => this.wake(task_id));
    this.facts.on(taskRemoved, ({ task_id }) => this.wake(task_id));
    this.facts.onMissed(() => this.wakeAll());
  }

  /** On the way out nobody waits any more: every watch ends at once, and those that come are over when they begin. */
  onModuleDestroy(): void {
    this.leaving = true;
    this.stopTelling();
    for (const watch of this.all()) watch.end();
  }

  get size(): number {
    return this.count;
  }

  /** Begins to watch. Whoever gets it ends it. Refused when the account, or the gateway, has as many as there may be. */
  begin(accountId: string, taskId: string): Watch {
    const watch = new Watch(accountId, taskId, (ended) => this.forget(ended));
    const before = this.ofAccount.get(accountId) ?? 0;
    if (before >= mostOfAccount) throw tooMany();
    if (this.count >= mostOfGateway) throw new Problem('service_unavailable', 'Too many tasks are watched here');
    this.ofAccount.set(accountId, before + 1);
    this.ofTask.set(taskId, (this.ofTask.get(taskId) ?? new Set()).add(watch));
    this.count++;
    if (this.leaving) watch.end();
    return watch;
  }

  private forget(watch: Watch): void {
    const { accountId, taskId } = watch;
    const left = this.ofAccount.get(accountId)! - 1;
    if (left === 0) this.ofAccount.delete(accountId);
    else this.ofAccount.set(accountId, left);
    const others = this.ofTask.get(taskId)!;
    others.delete(watch);
    if (others.size === 0) this.ofTask.delete(taskId);
    this.count--;
  }

  private wake(taskId: string): void {
    for (const watch of this.ofTask.get(taskId) ?? []) watch.wake();
  }

  private wakeAll(): void {
    for (const watch of this.all()) setTimeout(() => watch.wake(), Math.random() * lookWithinMs).unref();
  }

  private all(): Watch[] {
    return [...this.ofTask.values()].flatMap((watches) => [...watches]);
  }
}

const tooMany = (): Problem =>
  new Problem('too_many_requests', `An account may watch ${mostOfAccount} tasks at a time through one gateway`, {
    retryAfter: 5,
  });
