import type { Client } from 'pg';
import { databaseServices } from '../../provision/database.js';
import type { BackupPlaces } from './back-up.js';
import { BackupFolder, type KeptObject, type Manifest, readLines } from './backup-folder.js';
import { fillSchema } from './kept-schema.js';
import { migrateTo, requireMigrations } from './migrate-to.js';
import { eachOf, ObjectCopies } from './object-copies.js';
import { filledTables, migrationsOf } from './schema-tables.js';
import { inTransactions, type Sessions } from './sessions.js';

/**
 * Puts a backup into empty schemas and a store, before any service has been started there: objects first, then the rows, all or none.
 * Schemas get the tables that they had when the backup was made; services take them further when they start. Can be run again after a
 * failure. Throws before it changes anything when the schemas are not empty, or when this release does not know one of the migrations.
 */
export async function restore({ databases, store, region }: BackupPlaces, folder: string): Promise<Manifest> {
  const backup = BackupFolder.open(folder);
  const manifest = backup.manifest();
  for (const service of databaseServices) requireMigrations(service, manifest.schemas[service].migrations);
  await inTransactions(databases, begin, (sessions) => requireEmpty(sessions, manifest));
  const gone = await keysIn(backup.goneList);
  await sendObjects(new ObjectCopies(store, region), backup, gone);
  for (const service of databaseServices) {
    await migrateTo(service, databases[service], manifest.schemas[service].migrations);
  }
  await inTransactions(databases, begin, async (sessions) => {
    for (const service of databaseServices) {
      await fillSchema(sessions[service], manifest.schemas[service], (table) => backup.tableFile(service, table));
    }
    await sessions.storage.query('DELETE FROM files WHERE object_key = ANY($1)', [[...gone]]);
  });
  return manifest;
}

const begin = (client: Client): Promise<unknown> => client.query('BEGIN');

async function requireEmpty(sessions: Sessions, { schemas }: Manifest): Promise<void> {
  for (const service of databaseServices) {
    const filled = await filledTables(sessions[service]);
    if (filled.length > 0)
      throw new Error(`The schema of ${service} is not empty: there are rows in ${filled.join(', ')}.`);
    const known = schemas[service].migrations;
    const newer = (await migrationsOf(sessions[service])).filter((name) => !known.includes(name));
    if (newer.length > 0)
      throw new Error(`The schema of ${service} is newer than the backup: restore into an empty one.`);
  }
}

async function sendObjects(copies: ObjectCopies, backup: BackupFolder, gone: Set<string>): Promise<void> {
  await copies.makeBucket();
  await eachOf(readLines<KeptObject>(backup.objectList), async (object) => {
    if (!gone.has(object.key)) await copies.send(object, backup.objectFile(object.key));
  });
}

async function keysIn(file: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const key of readLines<string>(file)) keys.add(key);
  return keys;
}
