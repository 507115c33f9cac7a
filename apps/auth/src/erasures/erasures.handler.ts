import { Controller } from '@nestjs/common';
import { type AccountDataErased, accountDataErased, eraseAccount, type EraseAccount, type Nothing } from '#contracts';
import { Handles, On } from '#messaging';
import { ErasuresService } from './erasures.service.js';

@Controller()
export class ErasuresHandler {
  constructor(private readonly erasures: ErasuresService) {}

  @Handles(eraseAccount)
  erase(request: EraseAccount): Promise<Nothing> {
    return this.erasures.erase(request);
  }

  @On(accountDataErased)
  confirm(fact: AccountDataErased): Promise<void> {
    return this.erasures.confirm(fact);
  }
}
