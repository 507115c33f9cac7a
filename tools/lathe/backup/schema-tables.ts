import type { Client } from 'pg';
import { inLoadOrder, type Reference } from './load-order.js';

/** A table and the columns that are stored, not computed. */
export interface Table {
  name: string;
  columns: string[];
}

/** What TypeORM notes down of migrations; its rows come with the migrations themselves. */
const noteOfMigrations = 'migrations';

/** The tables of the role's own schema, each after those that it refers to. */
export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows: tables } = await client.query<Table>(
    `SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> $1
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY c.relname ORDER BY c.relname`,
    [noteOfMigrations],
  );
  const { rows: references } = await client.query<Reference>(
    `SELECT f.relname::text AS from, t.relname::text AS to FROM pg_constraint k
     JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`,
  );
  return inLoadOrder(tables, references);
}

/** The migrations that were run in the role's own schema; none where there is not even a note of them. */
export async function migrationsOf(client: Client): Promise<string[]> {
  const { rows: there } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    noteOfMigrations,
  ]);
  if (!there[0]?.there) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${noteOfMigrations} ORDER BY name`);
  return rows.map(({ name }) => name);
}

/** Where the sequences of the role's own schema are. */
export async function sequencesOf(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT sequencename::text AS name, last_value::text AS value FROM pg_sequences
     WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** The names of the tables that have rows. */
export async function filledTables(client: Client): Promise<string[]> {
  const filled: string[] = [];
  for (const { name } of await tablesOf(client)) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${client.escapeIdentifier(name)} LIMIT 1`);
    if (rowCount) filled.push(name);
  }
  return filled;
}
