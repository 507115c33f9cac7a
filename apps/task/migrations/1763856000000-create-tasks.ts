import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createMessagingTables, dropMessagingTables } from '#persistence';

export class CreateTasks1763856000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query(`CREATE TABLE models (
      id text PRIMARY KEY,
      offer jsonb NOT NULL,
      slots integer NOT NULL,
      offered_at timestamptz NOT NULL
    )`);
    await runner.query(`CREATE TABLE tasks (
      id uuid PRIMARY KEY,
      owner_id uuid NOT NULL,
      model text NOT NULL,
      prompt text,
      negative_prompt text,
      images jsonb NOT NULL,
      params jsonb NOT NULL,
      params_ignored jsonb NOT NULL,
      output_formats jsonb NOT NULL,
      metadata jsonb NOT NULL,
      status text NOT NULL CHECK (status IN ('queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled', 'expired')),
      stage text,
      progress smallint NOT NULL CHECK (progress BETWEEN 0 AND 100),
      attempt integer NOT NULL,
      accepted boolean NOT NULL,
      failures integer NOT NULL,
      lease_token text,
      lease_until timestamptz,
      run_after timestamptz NOT NULL,
      deadline_at timestamptz NOT NULL,
      cancel_requested_at timestamptz,
      error jsonb,
      artifacts jsonb NOT NULL,
      quality_report jsonb,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      completed_at timestamptz
    )`);
    await runner.query(
      `CREATE INDEX tasks_waiting ON tasks (model, id) WHERE lease_until IS NULL AND status IN ('queued', 'running')`,
    );
    await runner.query('CREATE INDEX tasks_leased ON tasks (lease_until) WHERE lease_until IS NOT NULL');
    await runner.query(`CREATE INDEX tasks_deadline ON tasks (deadline_at) WHERE status IN ('queued', 'running')`);
    await runner.query(`CREATE INDEX tasks_canceling ON tasks (cancel_requested_at) WHERE status = 'canceling'`);
    await runner.query(`CREATE INDEX tasks_unfinished ON tasks (owner_id) WHERE completed_at IS NULL`);
    await runner.query('CREATE INDEX tasks_owner ON tasks (owner_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tasks');
    await runner.query('DROP TABLE models');
    await dropMessagingTables(runner);
  }
}
