import { Controller } from '@nestjs/common';
import {
  type AccountId,
  type AccountView,
  findAccount,
  type RegisterAccount,
  registerAccount,
  type RegisteredAccount,
} from '#contracts';
import { Handles } from '#messaging';
import { AccountsService } from './accounts.service.js';

@Controller()
export class AccountsHandler {
  constructor(private readonly accounts: AccountsService) {}

  @Handles(registerAccount)
  register(request: RegisterAccount): Promise<RegisteredAccount> {
    return this.accounts.register(request);
  }

  @Handles(findAccount)
  find({ account_id }: AccountId): Promise<AccountView> {
    return this.accounts.find(account_id);
  }
}
