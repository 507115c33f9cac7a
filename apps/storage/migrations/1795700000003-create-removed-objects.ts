import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Objects of files that their owner removed, until they are gone from the store; and lists of files in their own order. */
export class CreateRemovedObjects1795700000003 implements MigrationInterface {
  readonly name = 'CreateRemovedObjects1795700000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE removed_objects (
      object_key text PRIMARY KEY,
      owner_id uuid NOT NULL,
      removed_at timestamptz NOT NULL DEFAULT now()
    )`);
    await runner.query('CREATE INDEX removed_objects_owner ON removed_objects (owner_id)');
    await runner.query('CREATE INDEX removed_objects_removed_at ON removed_objects (removed_at)');
    await runner.query('CREATE INDEX files_owner_id ON files (owner_id, id DESC)');
    await runner.query('DROP INDEX files_owner_created');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX files_owner_created ON files (owner_id, created_at DESC, id DESC)');
    await runner.query('DROP INDEX files_owner_id');
    await runner.query('DROP TABLE removed_objects');
  }
}
