import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys; how often wrong passwords came, for whom and from where; and the networks that accounts are at home in. */
export class CreateApiKeysAndThrottles1795500000002 implements MigrationInterface {
  readonly name = 'CreateApiKeysAndThrottles1795500000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE api_keys (
      id uuid PRIMARY KEY,
      account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      name text NOT NULL,
      prefix text NOT NULL,
      key_hash bytea NOT NULL,
      scopes text[] NOT NULL,
      created_at timestamptz NOT NULL,
      expires_at timestamptz,
      last_used_at timestamptz
    )`);
    await runner.query('CREATE UNIQUE INDEX api_keys_key_hash ON api_keys (key_hash)');
    await runner.query('CREATE INDEX api_keys_account_id ON api_keys (account_id, id)');
    await runner.query(`CREATE TABLE attempt_counters (
      subject text PRIMARY KEY,
      attempts integer NOT NULL,
      counted_at timestamptz NOT NULL,
      blocked_until timestamptz NOT NULL
    )`);
    await runner.query('CREATE INDEX attempt_counters_counted_at ON attempt_counters (counted_at)');
    await runner.query(`CREATE TABLE known_networks (
      account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      network text NOT NULL,
      seen_at timestamptz NOT NULL,
      PRIMARY KEY (account_id, network)
    )`);
    await runner.query('CREATE INDEX known_networks_seen_at ON known_networks (seen_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_networks');
    await runner.query('DROP TABLE attempt_counters');
    await runner.query('DROP TABLE api_keys');
  }
}
