import type { MigrationInterface, QueryRunner } from 'typeorm';

const waits = `lease_until IS NULL AND status IN ('queued', 'running')`;

/** The models that may take a task over, when its present one began it, and how each model has been doing. */
export class AddCandidatesToTasks1795700000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks
      ADD COLUMN fallbacks jsonb NOT NULL DEFAULT '[]',
      ADD COLUMN begun_at timestamptz`);
    await runner.query('UPDATE tasks SET begun_at = started_at WHERE completed_at IS NULL');
    await runner.query(`CREATE INDEX tasks_movable ON tasks (model, turn) WHERE fallbacks <> '[]' AND ${waits}`);
    await runner.query(`ALTER TABLE models
      ADD COLUMN failures integer NOT NULL DEFAULT 0,
      ADD COLUMN rests_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE models DROP COLUMN rests_until, DROP COLUMN failures');
    await runner.query('DROP INDEX tasks_movable');
    await runner.query('ALTER TABLE tasks DROP COLUMN begun_at, DROP COLUMN fallbacks');
  }
}
