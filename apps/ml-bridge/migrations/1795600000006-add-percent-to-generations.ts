import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far an attempt is, as its worker last said. */
export class AddPercentToGenerations1795600000006 implements MigrationInterface {
  readonly name = 'AddPercentToGenerations1795600000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations ADD COLUMN percent smallint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations DROP COLUMN percent');
  }
}
