import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The same bytes uploaded again are the same file. Files from before are known by no bytes: they were stored as they came. */
export class AddSentBytes1795700000001 implements MigrationInterface {
  readonly name = 'AddSentBytes1795700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE files
      ADD COLUMN sent_sha256 text CHECK (sent_sha256 ~ '^[0-9a-f]{64}$'),
      ADD COLUMN uploads integer NOT NULL DEFAULT 1 CHECK (uploads > 0)`);
    await runner.query(
      'CREATE UNIQUE INDEX files_owner_sent ON files (owner_id, sent_sha256) WHERE sent_sha256 IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX files_owner_sent');
    await runner.query('ALTER TABLE files DROP COLUMN uploads, DROP COLUMN sent_sha256');
  }
}
