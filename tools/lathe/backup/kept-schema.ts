import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { KeptSchema, KeptTable } from './backup-folder.js';
import { Fingerprint, requireUnchanged } from './fingerprint.js';
import { migrationsOf, sequencesOf, type Table, tablesOf } from './schema-tables.js';

/** Where the file of a table is. */
type FileOf = (table: string) => string;

/** Writes every table of the role's own schema into its file, in the transaction that the client is in. */
export async function keepSchema(client: Client, fileOf: FileOf): Promise<KeptSchema> {
  const tables: KeptTable[] = [];
  for (const table of await tablesOf(client)) tables.push(await keepTable(client, table, fileOf(table.name)));
  return { migrations: await migrationsOf(client), tables, sequences: await sequencesOf(client) };
}

async function keepTable(client: Client, table: Table, file: string): Promise<KeptTable> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const rows = client.query(copyTo(`COPY ${named(client, table)} TO STDOUT`));
  const fingerprint = new Fingerprint();
  await pipeline(rows, createGzip(), fingerprint, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  return { ...table, rows: rows.rowCount, sha256: fingerprint.sha256() };
}

/**
 * Fills the tables of the role's own schema, which are those of the backup, in the transaction that the client is in. Throws when a file
 * is not what was written.
 */
export async function fillSchema(client: Client, { tables, sequences }: KeptSchema, fileOf: FileOf): Promise<void> {
  for (const table of tables) await fillTable(client, table, fileOf(table.name));
  for (const [name, value] of Object.entries(sequences)) {
    await client.query('SELECT setval(quote_ident($1)::regclass, $2::bigint)', [name, value]);
  }
}

async function fillTable(client: Client, table: KeptTable, file: string): Promise<void> {
  await requireUnchanged(file, table);
  const rows = client.query(copyFrom(`COPY ${named(client, table)} FROM STDIN`));
  await pipeline(createReadStream(file), createGunzip(), rows);
}

const named = (client: Client, { name, columns }: Table): string =>
  `${client.escapeIdentifier(name)} (${columns.map((column) => client.escapeIdentifier(column)).join(', ')})`;
