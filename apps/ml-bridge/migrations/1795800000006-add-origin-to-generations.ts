import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An attempt knows the request that it was handed out for and its trace: what workers say about it later belongs there. */
export class AddOriginToGenerations1795800000006 implements MigrationInterface {
  readonly name = 'AddOriginToGenerations1795800000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations ADD COLUMN request_id text, ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE generations DROP COLUMN request_id, DROP COLUMN traceparent');
  }
}
