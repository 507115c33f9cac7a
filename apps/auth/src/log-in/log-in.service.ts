import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type LogIn, Problem, type TokenPair } from '#contracts';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

@Injectable()
export class LogInService {
  constructor(
    private readonly database: DataSource,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
  ) {}

  /** An unknown address and a wrong password are one answer after one amount of work: neither says which addresses exist. */
  async logIn({ email, password }: LogIn): Promise<TokenPair> {
    const account = await this.accounts.findByEmail(email);
    const right = await this.passwords.matches(password, account?.passwordHash);
    if (!account || !right) throw new Problem('invalid_credentials');
    return this.database.transaction((tx) => this.sessions.start(tx, account.id));
  }
}
