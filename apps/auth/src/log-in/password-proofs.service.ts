import { Injectable, Logger } from '@nestjs/common';
import { type Client, Problem } from '#contracts';
import { Turns } from '#runtime';
import type { Account } from '../accounts/account.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { type Attempt, AttemptsService, pairOf } from '../attempts/attempts.service.js';
import { isOutdated } from '../passwords/password-hash.js';
import { PasswordsService } from '../passwords/passwords.service.js';

/** The only way that a password is checked, whatever for: there is no door beside it at which to guess. */
@Injectable()
export class PasswordProofsService {
  private readonly logger = new Logger(PasswordProofsService.name);
  private readonly turns = new Turns();

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly attempts: AttemptsService,
    private readonly passwords: PasswordsService,
  ) {}

  /**
   * The account whose password this is. Throws `too_many_attempts` with the time to come back, or `invalid_credentials`: an unknown address
   * and a wrong password are one answer after one amount of work, and neither says which addresses exist.
   *
   * Attempts at one account from one network are looked at one after the other: each counts until it has succeeded, and those who come
   * many at once with the right password are not to be taken for guessers.
   */
  prove(email: string, password: string, client: Client): Promise<Account> {
    return this.turns.take(pairOf(email, client), () => this.proveInTurn(email, password, client));
  }

  private async proveInTurn(email: string, password: string, client: Client): Promise<Account> {
    const account = await this.accounts.findByEmail(email);
    const attempt = await this.begin(email, account, client);
    const right = await this.check(attempt, password, account);
    if (!account || !right) {
      this.note('a wrong password', account, client);
      throw new Problem('invalid_credentials');
    }
    await this.attempts.succeeded(attempt, account.id);
    if (isOutdated(account.passwordHash)) await this.rehash(account, password);
    return account;
  }

  private async begin(email: string, account: Account | null, client: Client): Promise<Attempt> {
    try {
      return await this.attempts.begin(email, account?.id, client);
    } catch (error) {
      if (error instanceof Problem) this.note('too many wrong passwords', account, client);
      throw error;
    }
  }

  /** Never the e-mail address that was tried: people type their passwords there. */
  private note(msg: string, account: Account | null, { address }: Client): void {
    this.logger.log({ msg, account_id: account?.id ?? null, address });
  }

  /** A check that could not be made, because too many wait or the process is in trouble, was no attempt. */
  private async check(attempt: Attempt, password: string, account: Account | null): Promise<boolean> {
    try {
      return await this.passwords.matches(password, account?.passwordHash);
    } catch (error) {
      await this.attempts.withdraw(attempt);
      throw error;
    }
  }

  /** A password that was right lets its owner in, also when there is no time for a better hash of it now. */
  private async rehash(account: Account, password: string): Promise<void> {
    try {
      await this.accounts.rehash(account, await this.passwords.hash(password));
    } catch (error) {
      this.logger.warn(`a hash stays as it is until the next log-in: ${error instanceof Error ? error.message : ''}`);
    }
  }
}
