import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createMessagingTables, dropMessagingTables } from '#persistence';

export class CreateAccounts1795400000000 implements MigrationInterface {
  readonly name = 'CreateAccounts1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE accounts (
      id uuid PRIMARY KEY,
      email text NOT NULL,
      password_hash text NOT NULL,
      display_name text,
      created_at timestamptz NOT NULL
    )`);
    await runner.query('CREATE UNIQUE INDEX accounts_email ON accounts (lower(email))');
    await runner.query(`CREATE TABLE sessions (
      id uuid PRIMARY KEY,
      account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      refresh_token_hash bytea NOT NULL,
      created_at timestamptz NOT NULL,
      last_used_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    )`);
    await runner.query('CREATE UNIQUE INDEX sessions_refresh_token_hash ON sessions (refresh_token_hash)');
    await runner.query('CREATE INDEX sessions_account_id ON sessions (account_id)');
    await runner.query(`CREATE TABLE signing_keys (
      kid text PRIMARY KEY,
      public_key jsonb NOT NULL,
      sealed_private_key bytea NOT NULL,
      created_at timestamptz NOT NULL
    )`);
    await createMessagingTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropMessagingTables(runner);
    await runner.query('DROP TABLE signing_keys');
    await runner.query('DROP TABLE sessions');
    await runner.query('DROP TABLE accounts');
  }
}
