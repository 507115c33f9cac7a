import type { MigrationInterface, QueryRunner } from 'typeorm';

const waiting = `lease_until IS NULL AND status IN ('queued', 'running')`;

/** Whose turn it is, and how long the newest tasks took. */
export class CreateQueue1795600000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE queue_clocks (model text PRIMARY KEY, round double precision NOT NULL)');
    await runner.query(`CREATE TABLE queue_shares (
      model text NOT NULL,
      owner_id uuid NOT NULL,
      next_round double precision NOT NULL,
      PRIMARY KEY (model, owner_id)
    )`);
    await runner.query('CREATE SEQUENCE queue_tickets AS integer MINVALUE 0 MAXVALUE 16777215 START 0 CYCLE');
    await runner.query(`CREATE TABLE execution_times (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      model text NOT NULL,
      finished_at timestamptz NOT NULL,
      execution_ms bigint NOT NULL
    )`);
    await runner.query('CREATE INDEX execution_times_model ON execution_times (model, finished_at)');
    await this.giveTurns(runner);
    await runner.query('DROP INDEX tasks_waiting');
    await runner.query(`CREATE INDEX tasks_turn ON tasks (model, turn, id) WHERE ${waiting}`);
    await runner.query(`CREATE INDEX tasks_account_turn ON tasks (model, owner_id, turn, id) WHERE ${waiting}`);
    await runner.query(
      `CREATE INDEX tasks_account_priority ON tasks (model, owner_id, priority DESC, id) WHERE ${waiting}`,
    );
    await runner.query('CREATE INDEX tasks_arrival ON tasks (model, created_at)');
  }

  /** As if the tasks that wait had come one after the other. */
  private async giveTurns(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE tasks SET turn = place.round + place.ticket / 16777216.0
      FROM (
        SELECT id, row_number() OVER (PARTITION BY model, owner_id ORDER BY id) - 1 AS round,
               (row_number() OVER (ORDER BY id) - 1) % 16777216 AS ticket
        FROM tasks WHERE ${waiting}
      ) place
      WHERE place.id = tasks.id`);
    await runner.query(
      `SELECT setval('queue_tickets', (SELECT count(*) % 16777216 FROM tasks WHERE ${waiting}), false)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX tasks_arrival');
    await runner.query('DROP INDEX tasks_account_priority');
    await runner.query('DROP INDEX tasks_account_turn');
    await runner.query('DROP INDEX tasks_turn');
    await runner.query(`CREATE INDEX tasks_waiting ON tasks (model, id) WHERE ${waiting}`);
    await runner.query('DROP TABLE execution_times');
    await runner.query('DROP SEQUENCE queue_tickets');
    await runner.query('DROP TABLE queue_shares');
    await runner.query('DROP TABLE queue_clocks');
  }
}
