import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Attempt } from '#contracts';
import { RecurringWork } from '#persistence';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import { CatalogueService } from '../../catalogue/catalogue.service.js';
import type { HeldJob } from '../../jobs/held-job.js';
import { JobsBell } from '../../jobs/jobs-bell.service.js';
import { JobsRepository } from '../../jobs/jobs.repository.js';
import { serverPool } from './server-pool.js';
import type { ServerRun } from './server-run.service.js';
import { ServerRunsService } from './server-runs.service.js';

const lookEveryMs = 1000;
/** A process that has not been heard for so long has lost its jobs: shorter than the lease of an attempt. */
const holdSeconds = 10;

/**
 * Takes the jobs of the servers that the bridge drives, and keeps them while they run. Every process does: what one leaves behind,
 * another one goes on with.
 */
@Injectable()
export class ServerHost implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ServerHost.name);
  private readonly holder = randomUUID();
  private readonly running = new Map<string, { attempt: Attempt; modelId: string; run: ServerRun }>();
  private readonly work = new RecurringWork(ServerHost.name, lookEveryMs, () => this.round());

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly jobs: JobsRepository,
    private readonly runs: ServerRunsService,
    private readonly bell: JobsBell,
  ) {}

  onApplicationBootstrap(): void {
    this.bell.watch((pool) => {
      if (pool.startsWith(serverPool(''))) this.work.wake();
    });
    this.work.start();
    this.work.wake();
  }

  /** What runs is not stopped at its server: it is given back. */
  async onModuleDestroy(): Promise<void> {
    await this.work.stop();
    const runs = [...this.running.values()].map(({ run }) => run);
    for (const run of runs) run.end('leaving');
    await Promise.allSettled(runs.map(({ finished }) => finished));
  }

  private async round(): Promise<void> {
    if (this.running.size > 0) await this.holdOn();
    const models = this.catalogue.all().filter(({ transport }) => transport.type === 'server');
    if (models.length === 0) return;
    const free = await this.jobs.countFree(models.map(({ offer }) => serverPool(offer.id)));
    for (const model of models.filter(({ offer }) => free.some(({ pool }) => pool === serverPool(offer.id)))) {
      await this.takeFor(model);
    }
  }

  private async holdOn(): Promise<void> {
    const holdings = new Map((await this.jobs.holdOn(this.holder, holdSeconds)).map((it) => [nameOf(it), it]));
    for (const [name, { attempt, run }] of this.running) {
      const holding = holdings.get(name);
      holdings.delete(name);
      if (!holding) await this.lose(attempt, run);
      else if (holding.isOver) run.end('unwanted');
      else if (holding.cancelReason) run.end('canceled');
    }
    for (const left of holdings.values()) await this.jobs.giveBack(left, this.holder);
  }

  /** Without a job the attempt is gone; otherwise somebody else took it, when this process was not heard. */
  private async lose(attempt: Attempt, run: ServerRun): Promise<void> {
    const holder = await this.jobs.holderOf(attempt);
    run.end(holder === undefined ? 'unwanted' : 'taken');
  }

  private async takeFor(model: CatalogueModel): Promise<void> {
    const slots = model.slots ?? 1;
    const pool = serverPool(model.offer.id);
    while (!this.work.stopping && this.countOf(model) < slots) {
      const held = await this.jobs.takeWithin(slots, pool, this.holder, holdSeconds);
      if (!held) return;
      this.begin(model, held);
    }
  }

  private countOf({ offer }: CatalogueModel): number {
    return [...this.running.values()].filter(({ modelId }) => modelId === offer.id).length;
  }

  private begin(model: CatalogueModel, held: HeldJob): void {
    const { job } = held;
    const name = nameOf(job);
    const run = this.runs.begin(model, held, this.holder);
    this.running.set(name, { attempt: job, modelId: model.offer.id, run });
    run.finished
      .catch((error: unknown) => this.logger.error(error)) // it is given back in the next round
      .finally(() => {
        if (this.running.get(name)?.run === run) this.running.delete(name);
        this.work.wake();
      });
  }
}

const nameOf = ({ task_id, attempt }: Attempt): string => `${task_id} ${attempt}`;
