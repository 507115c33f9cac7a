/** What asks the database of a service. */
interface Asked {
  query<T>(sql: string, values?: unknown[]): Promise<T>;
}

/**
 * Every table of the service's schema with a row that has this id anywhere, and how many: what an erasure has left. The list of
 * erased accounts itself does not count.
 */
export async function mentionsOf(database: Asked, id: string): Promise<Record<string, number>> {
  const tables = await database.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'erased_accounts'`,
  );
  const mentions: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await database.query<[{ rows: number }]>(
      `SELECT count(*)::int AS rows FROM "${name}" AS one WHERE to_jsonb(one)::text LIKE '%' || $1 || '%'`,
      [id],
    );
    if (row.rows > 0) mentions[name] = row.rows;
  }
  return mentions;
}
