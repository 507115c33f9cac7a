import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createErasedAccountsTable, dropErasedAccountsTable } from '#persistence';

export class CreateErasedAccounts1795500000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createErasedAccountsTable(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropErasedAccountsTable(runner);
  }
}
