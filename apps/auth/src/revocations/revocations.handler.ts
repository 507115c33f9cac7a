import { Controller } from '@nestjs/common';
import { listRevocations, type Nothing, type Revocations } from '#contracts';
import { Handles } from '#messaging';
import { RevocationsService } from './revocations.service.js';

@Controller()
export class RevocationsHandler {
  constructor(private readonly revocations: RevocationsService) {}

  @Handles(listRevocations)
  list(_request: Nothing): Promise<Revocations> {
    return this.revocations.list();
  }
}
