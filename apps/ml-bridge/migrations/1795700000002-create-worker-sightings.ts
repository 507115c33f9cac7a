import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which workers came for jobs or reported over HTTP, and when they last did. */
export class CreateWorkerSightings1795700000002 implements MigrationInterface {
  readonly name = 'CreateWorkerSightings1795700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE worker_sightings (
      pool text NOT NULL,
      worker_id text NOT NULL,
      seen_at timestamptz NOT NULL,
      PRIMARY KEY (pool, worker_id)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE worker_sightings');
  }
}
