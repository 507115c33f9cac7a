import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that unfinished tasks need, and until when at the latest. */
export class CreateFileHolds1795700000002 implements MigrationInterface {
  readonly name = 'CreateFileHolds1795700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE file_holds (
      file_id uuid NOT NULL REFERENCES files (id) ON DELETE CASCADE,
      task_id uuid NOT NULL,
      owner_id uuid NOT NULL,
      held_until timestamptz NOT NULL,
      PRIMARY KEY (file_id, task_id)
    )`);
    await runner.query('CREATE INDEX file_holds_task ON file_holds (task_id)');
    await runner.query('CREATE INDEX file_holds_held_until ON file_holds (held_until)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE file_holds');
  }
}
