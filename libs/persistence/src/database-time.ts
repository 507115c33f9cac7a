import type { EntityManager } from 'typeorm';

/** The one clock that counts, PostgreSQL's: what one replica writes, another one and the queries compare. */
export async function databaseTime(manager: EntityManager): Promise<Date> {
  const rows = await manager.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
  return rows[0]!.now;
}
