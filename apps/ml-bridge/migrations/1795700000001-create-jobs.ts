import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs that wait here for whoever fetches them; what an attempt runs on, and when it last moved. */
export class CreateJobs1795700000001 implements MigrationInterface {
  readonly name = 'CreateJobs1795700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE generations
      ADD COLUMN model text,
      ADD COLUMN heard_at timestamptz,
      ADD COLUMN progressed_at timestamptz,
      ADD COLUMN stage_since timestamptz`);
    await runner.query(`CREATE TABLE jobs (
      task_id uuid NOT NULL,
      attempt integer NOT NULL,
      pool text NOT NULL,
      job jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      not_after timestamptz NOT NULL,
      holder text,
      held_until timestamptz,
      remote jsonb,
      PRIMARY KEY (task_id, attempt),
      FOREIGN KEY (task_id, attempt) REFERENCES generations ON DELETE CASCADE
    )`);
    await runner.query('CREATE INDEX jobs_pool ON jobs (pool, created_at)');
    await runner.query("CREATE INDEX generations_going ON generations (model) WHERE status = 'accepted'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX generations_going');
    await runner.query('DROP TABLE jobs');
    await runner.query(`ALTER TABLE generations
      DROP COLUMN model, DROP COLUMN heard_at, DROP COLUMN progressed_at, DROP COLUMN stage_since`);
  }
}
