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

/** What a fact in the outbox says about itself since 2026: how long it is of use, and the version of its contract. */
export async function addOutboxEnvelope(runner: QueryRunner): Promise<void> {
  await runner.query(`ALTER TABLE outbox
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN version integer NOT NULL DEFAULT 1`);
}

export async function dropOutboxEnvelope(runner: QueryRunner): Promise<void> {
  await runner.query('ALTER TABLE outbox DROP COLUMN expires_at, DROP COLUMN version');
}

/** Facts know the trace that they belong to, and since when they wait. */
export async function addOutboxTrace(runner: QueryRunner): Promise<void> {
  await runner.query(
    'ALTER TABLE outbox ADD COLUMN traceparent text, ADD COLUMN announced_at timestamptz NOT NULL DEFAULT now()',
  );
}

export async function dropOutboxTrace(runner: QueryRunner): Promise<void> {
  await runner.query('ALTER TABLE outbox DROP COLUMN traceparent, DROP COLUMN announced_at');
}

export async function dropMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE inbox');
  await runner.query('DROP TABLE outbox');
}
