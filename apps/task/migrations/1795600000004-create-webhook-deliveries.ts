import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What accounts are told about the ends of their tasks, and which of their secrets signs it. */
export class CreateWebhookDeliveries1795600000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook_secrets (
      account_id uuid PRIMARY KEY,
      generation integer NOT NULL CHECK (generation > 1),
      rotated_at timestamptz NOT NULL
    )`);
    await runner.query(`CREATE TABLE webhook_deliveries (
      id uuid PRIMARY KEY,
      owner_id uuid NOT NULL,
      task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
      type text NOT NULL,
      url text NOT NULL,
      host text NOT NULL,
      body text NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
      attempts integer NOT NULL,
      response_status smallint,
      error text,
      created_at timestamptz NOT NULL,
      last_attempt_at timestamptz,
      next_attempt_at timestamptz,
      CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
    )`);
    await runner.query(
      `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending'`,
    );
    await runner.query('CREATE INDEX webhook_deliveries_owner ON webhook_deliveries (owner_id, id)');
    await runner.query('CREATE INDEX webhook_deliveries_task ON webhook_deliveries (task_id)');
    await runner.query('CREATE INDEX webhook_deliveries_created ON webhook_deliveries (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_deliveries');
    await runner.query('DROP TABLE webhook_secrets');
  }
}
