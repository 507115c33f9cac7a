import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the owner of a task can follow and take back, and where a task stands in its queue. */
export class CreateTaskEvents1795600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks
      ADD COLUMN priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
      ADD COLUMN turn double precision NOT NULL DEFAULT 0,
      ADD COLUMN webhook_url text,
      ADD COLUMN removed_at timestamptz,
      ADD COLUMN seq integer NOT NULL DEFAULT 0`);
    await runner.query(`CREATE TABLE task_events (
      task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
      seq integer NOT NULL,
      state jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (task_id, seq)
    )`);
    await runner.query('CREATE INDEX tasks_owner_status ON tasks (owner_id, status, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX tasks_owner_status');
    await runner.query('DROP TABLE task_events');
    await runner.query(`ALTER TABLE tasks
      DROP COLUMN seq, DROP COLUMN removed_at, DROP COLUMN webhook_url, DROP COLUMN turn, DROP COLUMN priority`);
  }
}
