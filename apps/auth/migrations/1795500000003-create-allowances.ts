import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Unlogged: a crash of the database forgets what was used of the windows under way, and every write is that much cheaper. */
export class CreateAllowances1795500000003 implements MigrationInterface {
  readonly name = 'CreateAllowances1795500000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE UNLOGGED TABLE allowances (
      bucket text PRIMARY KEY,
      used integer NOT NULL,
      resets_at timestamptz NOT NULL
    ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX allowances_resets_at ON allowances (resets_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE allowances');
  }
}
