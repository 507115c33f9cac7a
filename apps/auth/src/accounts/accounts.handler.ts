import { Controller } from '@nestjs/common';
import {
  type AccountId,
  type AccountView,
  changeAccount,
  type ChangeAccount,
  changePassword,
  type ChangePassword,
  findAccount,
  type Nothing,
  type RegisterAccount,
  registerAccount,
  type RegisteredAccount,
} from '#contracts';
import { Handles } from '#messaging';
import { AccountsService } from './accounts.service.js';
import { RegistrationService } from './registration.service.js';

@Controller()
export class AccountsHandler {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly accounts: AccountsService,
  ) {}

  @Handles(registerAccount)
  register(request: RegisterAccount): Promise<RegisteredAccount> {
    return this.registrations.register(request);
  }

  @Handles(findAccount)
  find({ account_id }: AccountId): Promise<AccountView> {
    return this.accounts.find(account_id);
  }

  @Handles(changeAccount)
  change(request: ChangeAccount): Promise<AccountView> {
    return this.accounts.change(request);
  }

  @Handles(changePassword)
  changePassword(request: ChangePassword): Promise<Nothing> {
    return this.accounts.changePassword(request);
  }
}
