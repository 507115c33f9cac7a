import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { StrandedService } from '../failover/stranded.service.js';
import { HandOutService } from './hand-out.service.js';
import { SweepsService } from './sweeps.service.js';

const tickEveryMs = 1000;

/**
 * Sees to it that overdue tasks are taken back, and waiting ones handed out or taken to another model. Any
 * number of replicas may run one; it looks when woken and once a second.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Dispatcher.name);
  private readonly work = new RecurringWork(Dispatcher.name, tickEveryMs, () => this.round());

  constructor(
    private readonly sweeps: SweepsService,
    private readonly stranded: StrandedService,
    private readonly handOut: HandOutService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweeps.giveGrace();
    this.work.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** Looks soon; calls while it looks make it look once more. */
  wake(): void {
    this.work.wake();
  }

  /** A portion of everything, so that nothing waits for the end of something long; what was not finished is gone on with. */
  private async round(): Promise<void> {
    const steps = [
      () => this.sweeps.sweep('lease'),
      () => this.sweeps.sweep('deadline'),
      () => this.sweeps.sweep('cancel'),
      () => this.handOut.handOut(),
      () => this.stranded.rescue(),
    ];
    for (const step of steps) if (await this.attempt(step)) this.work.wake();
  }

  /** What fails is tried again at the next tick, and keeps nothing else from being done. */
  private attempt(step: () => Promise<boolean>): Promise<boolean> {
    return step().catch((error: unknown) => {
      this.logger.warn({ err: error });
      return false;
    });
  }
}
