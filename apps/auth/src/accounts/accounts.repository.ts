import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AccountEntity } from './account.entity.js';
import type { Account } from './account.js';

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: DataSource) {}

  /** Returns false when another account has the address; one that is being registered at this moment is waited for. */
  async insert(tx: EntityManager, account: Account): Promise<boolean> {
    const { id, email, passwordHash, passwordVersion, displayName, createdAt } = account;
    const inserted: unknown[] = await tx.query(
      `INSERT INTO accounts (id, email, password_hash, password_version, display_name, created_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lower(email)) DO NOTHING RETURNING id`,
      [id, email, passwordHash, passwordVersion, displayName, createdAt],
    );
    return inserted.length === 1;
  }

  find(id: string): Promise<Account | null> {
    return this.database.manager.findOneBy(AccountEntity, { id });
  }

  findByEmail(email: string): Promise<Account | null> {
    return this.database.manager
      .createQueryBuilder(AccountEntity, 'account')
      .where('lower(account.email) = lower(:email)', { email })
      .getOne();
  }

  /** Keeps the account as it is until the transaction ends; false when it is gone or has got another password meanwhile. */
  async holdUnchanged(tx: EntityManager, { id, passwordVersion }: Account): Promise<boolean> {
    const held: unknown[] = await tx.query('SELECT 1 FROM accounts WHERE id = $1 AND password_version = $2 FOR SHARE', [
      id,
      passwordVersion,
    ]);
    return held.length === 1;
  }

  async rename(id: string, displayName: string | null): Promise<void> {
    await this.database.manager.update(AccountEntity, { id }, { displayName });
  }

  /** Stores the hash of another password; false when somebody else was faster, or the account is gone. */
  async changePassword(tx: EntityManager, { id, passwordVersion }: Account, passwordHash: string): Promise<boolean> {
    const { affected } = await tx.update(
      AccountEntity,
      { id, passwordVersion },
      { passwordHash, passwordVersion: passwordVersion + 1 },
    );
    return affected === 1;
  }

  /** Stores a better hash of the same password, unless it was changed meanwhile. */
  async rehash({ id, passwordVersion }: Account, passwordHash: string): Promise<void> {
    await this.database.manager.update(AccountEntity, { id, passwordVersion }, { passwordHash });
  }

  /** Deletes the account with its sessions and keys; false when it is gone already. */
  async delete(tx: EntityManager, id: string): Promise<boolean> {
    const { affected } = await tx.delete(AccountEntity, { id });
    return affected === 1;
  }
}
