import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions know the generation of their refresh token, where they are used, and how they ended; nobody's log-in survives this. */
export class KeepSessionFamilies1795500000001 implements MigrationInterface {
  readonly name = 'KeepSessionFamilies1795500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM sessions'); // their refresh tokens have no generation
    await runner.query('DROP INDEX sessions_refresh_token_hash');
    await runner.query(`ALTER TABLE sessions
      ADD COLUMN generation integer NOT NULL,
      ADD COLUMN rotated_at timestamptz NOT NULL,
      ADD COLUMN user_agent text,
      ADD COLUMN address text,
      ADD COLUMN ended_at timestamptz,
      ADD COLUMN end_reason text,
      ADD CONSTRAINT sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL))`);
    await runner.query('CREATE INDEX sessions_ended_at ON sessions (ended_at) WHERE ended_at IS NOT NULL');
    await runner.query('CREATE INDEX sessions_expires_at ON sessions (expires_at)');
    await runner.query('ALTER TABLE accounts ADD COLUMN password_version integer NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz NOT NULL DEFAULT now()');
    await runner.query('UPDATE signing_keys SET signs_from = created_at');
    await runner.query('ALTER TABLE signing_keys ALTER COLUMN signs_from DROP DEFAULT');
    await runner.query(`CREATE TABLE erasures (
      account_id uuid PRIMARY KEY,
      erased_at timestamptz NOT NULL,
      announced_at timestamptz NOT NULL,
      waiting_for text[] NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erasures');
    await runner.query('ALTER TABLE signing_keys DROP COLUMN signs_from');
    await runner.query('ALTER TABLE accounts DROP COLUMN password_version');
    await runner.query('DROP INDEX sessions_expires_at');
    await runner.query('DROP INDEX sessions_ended_at');
    await runner.query(`ALTER TABLE sessions DROP CONSTRAINT sessions_end, DROP COLUMN end_reason, DROP COLUMN ended_at,
      DROP COLUMN address, DROP COLUMN user_agent, DROP COLUMN rotated_at, DROP COLUMN generation`);
    await runner.query('CREATE UNIQUE INDEX sessions_refresh_token_hash ON sessions (refresh_token_hash)');
  }
}
