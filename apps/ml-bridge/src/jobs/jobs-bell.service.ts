import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { JobsRepository } from './jobs.repository.js';
import { Listener } from './listener.js';

const lookEveryMs = 1000;

/**
 * Wakes those who wait for jobs: at once when this replica puts one, and within a second when another one did, or a holder was lost.
 * However many wait, the table is looked at once a second, and each job wakes one.
 */
@Injectable()
export class JobsBell implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly watchers = new Set<(pool: string) => void>();
  private readonly work = new RecurringWork(JobsBell.name, lookEveryMs, () => this.look());

  constructor(private readonly jobs: JobsRepository) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** To be ended. What is put from now on is heard, also between two waits. */
  listen(pool: string): Listener {
    const others = this.listeners.get(pool) ?? new Set<Listener>();
    const listener = new Listener(() => {
      others.delete(listener);
      if (others.size === 0 && this.listeners.get(pool) === others) this.listeners.delete(pool);
    });
    this.listeners.set(pool, others.add(listener));
    return listener;
  }

  /** Called at every ring, for as long as there is a bell. */
  watch(watcher: (pool: string) => void): void {
    this.watchers.add(watcher);
  }

  /** So many jobs of a pool may be taken: as many of those who wait are woken, the first first. */
  ring(pool: string, jobs = 1): void {
    const silent = [...(this.listeners.get(pool) ?? [])].filter(({ rung }) => !rung);
    for (const listener of silent.slice(0, jobs)) listener.ring();
    for (const watcher of this.watchers) watcher(pool);
  }

  private async look(): Promise<void> {
    if (this.listeners.size === 0) return;
    for (const { pool, jobs } of await this.jobs.countFree([...this.listeners.keys()])) this.ring(pool, jobs);
  }
}
