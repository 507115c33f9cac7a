import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createErasedAccountsTable, dropErasedAccountsTable } from '#persistence';

/** Erased accounts, and the ways to what an account has. */
export class CreateErasedAccounts1795500000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createErasedAccountsTable(runner);
    await runner.query('CREATE INDEX uploads_owner ON uploads (owner_id)');
    await runner.query('CREATE INDEX files_object_key ON files (object_key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX files_object_key');
    await runner.query('DROP INDEX uploads_owner');
    await dropErasedAccountsTable(runner);
  }
}
