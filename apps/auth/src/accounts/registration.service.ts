import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { Problem, type RegisterAccount, type RegisteredAccount } from '#contracts';
import { AttemptsService } from '../attempts/attempts.service.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { accountView, nameOf, newAccount } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly database: DataSource,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordsService,
    private readonly attempts: AttemptsService,
    private readonly sessions: SessionsService,
  ) {}

  /** Makes the account with its first session, or neither. A taken address costs a hash, too: the time tells no more than the answer. */
  async register(request: RegisterAccount): Promise<RegisteredAccount> {
    const { email, password, display_name, client } = request;
    this.passwords.accept(password, { email, displayName: nameOf(display_name) }, '/password');
    const account = newAccount(uuidv7(), request, await this.passwords.hash(password), new Date());
    const tokens = await this.database.transaction(async (tx) => {
      if (!(await this.accounts.insert(tx, account))) throw new Problem('email_taken');
      await this.attempts.recognise(tx, account.id, client);
      return this.sessions.start(tx, account, client);
    });
    return { user: accountView(account), ...tokens };
  }
}
