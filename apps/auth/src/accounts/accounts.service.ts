import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  type AccountView,
  type ChangeAccount,
  type ChangePassword,
  type Client,
  type Nothing,
  Problem,
} from '#contracts';
import { PasswordProofsService } from '../log-in/password-proofs.service.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type Account, accountView, nameOf } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

@Injectable()
export class AccountsService {
  private readonly logger = new Logger(AccountsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordsService,
    private readonly proofs: PasswordProofsService,
    private readonly sessions: SessionsService,
  ) {}

  async find(id: string): Promise<AccountView> {
    return accountView(await this.existing(id));
  }

  /** Changes what is given; what is left out stays. */
  async change({ account_id, display_name }: ChangeAccount): Promise<AccountView> {
    if (display_name !== undefined) await this.accounts.rename(account_id, nameOf(display_name));
    return this.find(account_id);
  }

  /** Sets another password. Every session ends but the one that asks. */
  async changePassword(request: ChangePassword): Promise<Nothing> {
    const { account_id, session_id, current_password, new_password, client } = request;
    const account = await this.prove(account_id, current_password, client);
    this.passwords.accept(new_password, account, '/new_password');
    const passwordHash = await this.passwords.hash(new_password);
    await this.database.transaction(async (tx) => {
      if (!(await this.accounts.changePassword(tx, account, passwordHash))) throw new Problem('wrong_password');
      await this.sessions.endIn(tx, account_id, { except: session_id }, 'password_changed');
    });
    this.logger.log({ msg: 'a password was changed', account_id, session_id, address: client.address });
    return {};
  }

  /** The account, once its owner has shown the password again. Counts like a log-in; a wrong one is `wrong_password`. */
  async prove(id: string, password: string, client: Client): Promise<Account> {
    const { email } = await this.existing(id);
    try {
      return await this.proofs.prove(email, password, client);
    } catch (error) {
      throw error instanceof Problem && error.code === 'invalid_credentials' ? new Problem('wrong_password') : error;
    }
  }

  private async existing(id: string): Promise<Account> {
    const account = await this.accounts.find(id);
    if (!account) throw new Problem('invalid_token', 'The account is gone');
    return account;
  }
}
