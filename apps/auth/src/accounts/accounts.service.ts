import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { type AccountView, Problem, type RegisterAccount, type RegisteredAccount } from '#contracts';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { accountView, newAccount } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

@Injectable()
export class AccountsService {
  constructor(
    private readonly database: DataSource,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
  ) {}

  /** Makes the account with its first session, or neither. */
  async register(request: RegisterAccount): Promise<RegisteredAccount> {
    const account = newAccount(uuidv7(), request, await this.passwords.hash(request.password), new Date());
    const tokens = await this.database.transaction(async (tx) => {
      if (!(await this.accounts.insert(tx, account))) throw new Problem('email_taken');
      return this.sessions.start(tx, account.id);
    });
    return { user: accountView(account), ...tokens };
  }

  async find(id: string): Promise<AccountView> {
    const account = await this.accounts.find(id);
    if (!account) throw new Problem('not_found', 'No such account');
    return accountView(account);
  }
}
