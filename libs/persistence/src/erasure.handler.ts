import { Controller } from '@nestjs/common';
import { accountErased, type AccountId } from '#contracts';
import { On } from '#messaging';
import { AccountEraser } from './account-eraser.js';

/** Hears of erased accounts, in every service that keeps something of them. */
@Controller()
export class ErasureHandler {
  constructor(private readonly eraser: AccountEraser) {}

  @On(accountErased)
  erased({ account_id }: AccountId): Promise<void> {
    return this.eraser.begin(account_id);
  }
}
