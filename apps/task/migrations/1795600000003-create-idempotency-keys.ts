import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which requests were answered already, and what; and the way to the tasks whose time is over. The answer is kept letter by letter. */
export class CreateIdempotencyKeys1795600000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE idempotency_keys (
      owner_id uuid NOT NULL,
      key text NOT NULL,
      fingerprint text NOT NULL,
      task_id uuid NOT NULL,
      answer json,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (owner_id, key)
    )`);
    await runner.query('CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)');
    await runner.query('CREATE INDEX tasks_completed_at ON tasks (completed_at) WHERE completed_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX tasks_completed_at');
    await runner.query('DROP TABLE idempotency_keys');
  }
}
