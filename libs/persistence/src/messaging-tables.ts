import type { QueryRunner } from 'typeorm';

/** The outbox and the inbox of a service: part of its first migration. */
export async function createMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    request_id text
  )`);
  await runner.query(`CREATE TABLE inbox (
    message_id text PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
  )`);
  await runner.query('CREATE INDEX inbox_received_at ON inbox (received_at)');
}

export async function dropMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE inbox');
  await runner.query('DROP TABLE outbox');
}
