import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Allowance, TakeAllowance } from '#contracts';
import { allowanceOf } from './allowance.js';
import { AllowancesRepository } from './allowances.repository.js';

const sweepEveryMs = 60_000;
const batch = 10_000;

/** The budgets that all gateways share. What they are for, and how large they are, the gateways say. */
@Injectable()
export class AllowancesService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AllowancesService.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly allowances: AllowancesRepository) {}

  onApplicationBootstrap(): void {
    const sweep = (): void => {
      this.sweep().catch((error: Error) => this.logger.warn(`sweeping allowances again later: ${error.message}`));
    };
    this.timer = setInterval(sweep, sweepEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async take(request: TakeAllowance): Promise<Allowance> {
    return allowanceOf(request, await this.allowances.take(request));
  }

  /** Forgets the windows that are over; several replicas may do so at once. */
  async sweep(): Promise<void> {
    while ((await this.allowances.sweep(batch)) === batch);
  }
}
