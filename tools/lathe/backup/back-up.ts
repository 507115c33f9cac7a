import { Client } from 'pg';
import type { ObjectStore } from '../../local-stack/object-store.js';
import { databaseServices } from '../../provision/database.js';
import {
  BackupFolder,
  type KeptObject,
  type KeptSchema,
  type Manifest,
  readLines,
  writeLines,
} from './backup-folder.js';
import { keepSchema } from './kept-schema.js';
import { eachOf, ObjectCopies } from './object-copies.js';
import { type DatabaseUrls, inOneSnapshot, type Sessions } from './sessions.js';

/** What a backup is made of, and restored to. */
export interface BackupPlaces {
  databases: DatabaseUrls;
  store: ObjectStore;
  /** That requests to the store are signed for; us-east-1 unless told. */
  region?: string;
}

/** What became of a backup. */
export interface BackupReport {
  manifest: Manifest;
  /** Objects whose files were removed while the backup was made: it has neither. */
  gone: number;
  /** Keys of objects that the store does not have although files stand for them: those files are not in the backup. */
  lost: string[];
}

/**
 * Backs a running system up into an empty folder: first the rows of all schemas, as they are at one moment, then the objects that the
 * files among these rows stand for (docs/adr/0040-rows-are-backed-up-before-objects.md). The broker is not backed up.
 * Throws when a folder, a schema or an object is not as it should be; without a manifest.json what lies in the folder is no backup.
 */
export async function backUp({ databases, store, region }: BackupPlaces, folder: string): Promise<BackupReport> {
  const backup = BackupFolder.create(folder);
  const rows = await inOneSnapshot(databases, (sessions) => keepRows(sessions, backup));
  const { gone, ...objects } = await keepObjects(new ObjectCopies(store, region), backup);
  const lost = await stoodFor(databases.storage, gone);
  const manifest: Manifest = { format: 1, ...rows, objects };
  backup.finish(manifest);
  return { manifest, gone: gone.length - lost.length, lost };
}

async function keepRows(sessions: Sessions, backup: BackupFolder): Promise<Pick<Manifest, 'takenAt' | 'schemas'>> {
  const { rows } = await sessions.auth.query<{ now: Date }>('SELECT now() AS now');
  const schemas = {} as Record<(typeof databaseServices)[number], KeptSchema>;
  for (const service of databaseServices) {
    schemas[service] = await keepSchema(sessions[service], (table) => backup.tableFile(service, table));
  }
  await writeLines(backup.objectList, objectsOf(sessions.storage));
  return { takenAt: rows[0]!.now.toISOString(), schemas };
}

/** Every object that a file stands for, a thousand at a time. */
async function* objectsOf(storage: Client): AsyncGenerator<KeptObject> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const { rows }: { rows: KeptObject[] } = await storage.query<KeptObject>(
      `SELECT DISTINCT ON (object_key COLLATE "C") object_key AS key, media_type AS "mediaType",
              size_bytes::float8 AS bytes, sha256
       FROM files WHERE object_key COLLATE "C" > $1 ORDER BY object_key COLLATE "C" LIMIT 1000`,
      [after],
    );
    yield* rows;
    after = rows.at(-1)?.key;
  }
}

async function keepObjects(
  copies: ObjectCopies,
  backup: BackupFolder,
): Promise<Manifest['objects'] & { gone: string[] }> {
  const kept = { count: 0, bytes: 0, gone: [] as string[] };
  await eachOf(readLines<KeptObject>(backup.objectList), async (object) => {
    if (!(await copies.fetch(object, backup.objectFile(object.key)))) return void kept.gone.push(object.key);
    kept.count++;
    kept.bytes += object.bytes;
  });
  await writeLines(backup.goneList, each(kept.gone));
  return kept;
}

async function* each<T>(values: T[]): AsyncGenerator<T> {
  yield* values;
}

/** Those of the keys that files stand for now. */
async function stoodFor(storageUrl: string, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const client = new Client({ connectionString: storageUrl, application_name: 'lathe backup' });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string }>(
      'SELECT DISTINCT object_key AS key FROM files WHERE object_key = ANY($1) ORDER BY 1',
      [keys],
    );
    return rows.map(({ key }) => key);
  } finally {
    await client.end();
  }
}
