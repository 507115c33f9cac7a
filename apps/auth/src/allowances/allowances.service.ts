import { Injectable } from '@nestjs/common';
import type { Allowance, TakeAllowance } from '#contracts';
import { allowanceOf } from './allowance.js';
import { AllowancesRepository } from './allowances.repository.js';

const batch = 10_000;

/** The budgets that all gateways share. What they are for, and how large they are, the gateways say. */
@Injectable()
export class AllowancesService {
  constructor(private readonly allowances: AllowancesRepository) {}

  async take(request: TakeAllowance): Promise<Allowance> {
    return allowanceOf(request, await this.allowances.take(request));
  }

  /** Forgets the windows that are over; several replicas may do so at once. */
  async sweep(): Promise<void> {
    while ((await this.allowances.sweep(batch)) === batch);
  }
}
