import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What our own engine is to make of the GLB of another one. */
export class AddFinishing1795700000010 implements MigrationInterface {
  readonly name = 'AddFinishing1795700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations ADD COLUMN finishing jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations DROP COLUMN finishing');
  }
}
