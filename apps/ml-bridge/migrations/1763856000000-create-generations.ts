import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createMessagingTables, dropMessagingTables } from '#persistence';

export class CreateGenerations1763856000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query(`CREATE TABLE generations (
      task_id uuid NOT NULL,
      attempt integer NOT NULL,
      owner_id uuid NOT NULL,
      lease_token text NOT NULL,
      outputs jsonb NOT NULL,
      status text NOT NULL CHECK (status IN ('dispatched', 'accepted', 'succeeded', 'failed', 'canceled')),
      worker_id text,
      last_seq integer NOT NULL,
      stage text,
      cancel_reason text,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (task_id, attempt)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE generations');
    await dropMessagingTables(runner);
  }
}
