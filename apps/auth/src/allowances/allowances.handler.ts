import { Controller } from '@nestjs/common';
import { type Allowance, takeAllowance, type TakeAllowance } from '#contracts';
import { Handles } from '#messaging';
import { AllowancesService } from './allowances.service.js';

@Controller()
export class AllowancesHandler {
  constructor(private readonly allowances: AllowancesService) {}

  @Handles(takeAllowance)
  take(request: TakeAllowance): Promise<Allowance> {
    return this.allowances.take(request);
  }
}
