import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A task knows the trace of the request that made it: what is done for it later belongs there. */
export class AddTraceToTasks1795800000005 implements MigrationInterface {
  readonly name = 'AddTraceToTasks1795800000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks DROP COLUMN traceparent');
  }
}
