import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts that are not over are looked for every few seconds, those that nobody has accepted yet too. */
export class IndexOpenGenerations1795700000011 implements MigrationInterface {
  readonly name = 'IndexOpenGenerations1795700000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "CREATE INDEX generations_open ON generations (model) WHERE status IN ('dispatched', 'accepted')",
    );
    await runner.query('DROP INDEX generations_going');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("CREATE INDEX generations_going ON generations (model) WHERE status = 'accepted'");
    await runner.query('DROP INDEX generations_open');
  }
}
