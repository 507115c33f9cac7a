import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createMessagingTables, dropMessagingTables } from '#persistence';

/** Uploads, files, outbox and inbox. */
export class CreateFiles1795400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query(`CREATE TABLE uploads (
      id uuid PRIMARY KEY,
      owner_id uuid NOT NULL,
      filename text NOT NULL,
      ticket_hash text NOT NULL CONSTRAINT uploads_ticket_hash UNIQUE,
      claimed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
    await runner.query('CREATE INDEX uploads_created ON uploads (created_at)');
    await runner.query(`CREATE TABLE files (
      id uuid PRIMARY KEY,
      owner_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('input', 'model', 'preview')),
      filename text NOT NULL,
      media_type text NOT NULL,
      size_bytes bigint NOT NULL CHECK (size_bytes > 0),
      sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
      width integer,
      height integer,
      task_id uuid,
      object_key text NOT NULL,
      created_at timestamptz NOT NULL
    )`);
    await runner.query('CREATE INDEX files_owner_created ON files (owner_id, created_at DESC, id DESC)');
    await runner.query(
      'CREATE UNIQUE INDEX files_task_content ON files (task_id, owner_id, filename, sha256) WHERE task_id IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE files');
    await runner.query('DROP TABLE uploads');
    await dropMessagingTables(runner);
  }
}
