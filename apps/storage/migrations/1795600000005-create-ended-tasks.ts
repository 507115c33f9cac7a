import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks that have ended, for as long as something of them may come late; and when a picture was last used. */
export class CreateEndedTasks1795600000005 implements MigrationInterface {
  readonly name = 'CreateEndedTasks1795600000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE ended_tasks (
      task_id uuid PRIMARY KEY,
      owner_id uuid NOT NULL,
      kept uuid[] NOT NULL,
      removed boolean NOT NULL,
      ended_at timestamptz NOT NULL DEFAULT now(),
      look_at timestamptz NOT NULL DEFAULT now(),
      looks integer NOT NULL DEFAULT 0
    )`);
    await runner.query('CREATE INDEX ended_tasks_look_at ON ended_tasks (look_at)');
    await runner.query('CREATE INDEX ended_tasks_owner ON ended_tasks (owner_id)');
    await runner.query('ALTER TABLE files ADD COLUMN used_at timestamptz NOT NULL DEFAULT now()');
    await runner.query("CREATE INDEX files_unused ON files (used_at) WHERE kind = 'input'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX files_unused');
    await runner.query('ALTER TABLE files DROP COLUMN used_at');
    await runner.query('DROP TABLE ended_tasks');
  }
}
