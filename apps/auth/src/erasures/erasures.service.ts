import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type AccountDataErased, accountErased, type EraseAccount, type Nothing, Problem } from '#contracts';
import { announce, databaseTime } from '#persistence';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { AuthConfig } from '../auth.config.js';
import { newErasure } from './erasure.js';
import { ErasuresRepository } from './erasures.repository.js';

/** A service that has not confirmed by then is told again, until it does. */
const remindAfterSeconds = 300;
const remindAtOnce = 100;

/** Longer than any access token is remembered to be revoked. */
const marginSeconds = 120;

/** Takes accounts back: what is here goes at once, what other services have goes in the background until all have confirmed. */
@Injectable()
export class ErasuresService {
  private readonly logger = new Logger(ErasuresService.name);

  constructor(
    private readonly database: DataSource,
    private readonly erasures: ErasuresRepository,
    private readonly accounts: AccountsService,
    private readonly rows: AccountsRepository,
    private readonly config: AuthConfig,
  ) {}

  /** Deletes the account with its sessions and keys. From here on its address is free and its tokens are worth nothing. */
  async erase({ account_id, password, client }: EraseAccount): Promise<Nothing> {
    await this.accounts.prove(account_id, password, client);
    await this.database.transaction(async (tx) => {
      if (!(await this.rows.delete(tx, account_id))) throw new Problem('invalid_token', 'The account is gone');
      await this.erasures.insert(tx, newErasure(account_id, await databaseTime(tx)));
      await announce(tx, accountErased, { account_id });
    });
    this.logger.log({ msg: 'an account was erased', account_id, address: client.address });
    return {};
  }

  async confirm({ account_id, service }: AccountDataErased): Promise<void> {
    await this.erasures.confirm(account_id, service);
  }

  /** Tells again whoever has not confirmed, and forgets what is complete. */
  async remind(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const overdue = await this.erasures.takeOverdue(tx, remindAfterSeconds, remindAtOnce);
      for (const account_id of overdue) await announce(tx, accountErased, { account_id });
    });
    await this.erasures.forgetComplete(this.config.ACCESS_TOKEN_SECONDS + marginSeconds);
  }
}
