import type { DataSource } from 'typeorm';

/**
 * Runs pending migrations under a session advisory lock, so that several replicas may start at once: one migrates, the others
 * wait and find nothing to do. The lock has a connection of its own and goes away with it when the process dies.
 */
export async function migrate(database: DataSource, timeoutMs = 60_000): Promise<void> {
  const { schema } = database.options as { schema?: string };
  const lock = database.createQueryRunner();
  await lock.connect();
  try {
    await lock.query("SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', '0', false)", [
      String(timeoutMs),
    ]);
    await lock.query('SELECT pg_advisory_lock(hashtext($1), hashtext($2))', ['migrate', schema ?? 'public']);
    if (await database.showMigrations()) await database.runMigrations({ transaction: 'each' });
  } finally {
    await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await lock.query('RESET ALL').catch(() => undefined);
    await lock.release();
  }
}
