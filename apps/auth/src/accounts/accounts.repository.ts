import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AccountEntity } from './account.entity.js';
import type { Account } from './account.js';

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: DataSource) {}

  /** Returns false when another account has the address; one that is being registered at this moment is waited for. */
  async insert(tx: EntityManager, account: Account): Promise<boolean> {
    const { id, email, passwordHash, displayName, createdAt } = account;
    const inserted: unknown[] = await tx.query(
      `INSERT INTO accounts (id, email, password_hash, display_name, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (lower(email)) DO NOTHING RETURNING id`,
      [id, email, passwordHash, displayName, createdAt],
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
}
