import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys have the order that a store lists them in, by their bytes: files and objects are compared page by page. */
export class OrderFilesByKey1795700000004 implements MigrationInterface {
  readonly name = 'OrderFilesByKey1795700000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX files_object_key_bytes ON files (object_key COLLATE "C")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX files_object_key_bytes');
  }
}
