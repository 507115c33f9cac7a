import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The model a task starts from, and the task it was taken from. */
export class AddMeshToTasks1795700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks ADD COLUMN mesh jsonb, ADD COLUMN source_task_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks DROP COLUMN source_task_id, DROP COLUMN mesh');
  }
}
