import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createErasedAccountsTable, dropErasedAccountsTable } from '#persistence';

/** Erased accounts, and the way to what an account has. */
export class CreateErasedAccounts1795500000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createErasedAccountsTable(runner);
    await runner.query('CREATE INDEX generations_owner ON generations (owner_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX generations_owner');
    await dropErasedAccountsTable(runner);
  }
}
