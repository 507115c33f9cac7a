import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client as S3 } from 'minio';
import { Client } from 'pg';
import { eventually, type FreshDatabase, freshDatabase, testStore } from '#testing';
import { type DatabaseService, databaseServices } from '../../provision/database.js';
import { backUp, type BackupPlaces, type BackupReport } from './back-up.js';
import { BackupFolder, type Manifest } from './backup-folder.js';
import { allMigrations, migrateTo } from './migrate-to.js';
import { restore } from './restore.js';

const folder = mkdtempSync(path.join(tmpdir(), 'lathe-backup-'));
const databases: FreshDatabase[] = [];
let first: BackupPlaces;

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  rmSync(folder, { recursive: true, force: true });
});

async function emptyPlaces(): Promise<BackupPlaces> {
  const fresh = await freshDatabase();
  databases.push(fresh);
  const urls = Object.fromEntries(databaseServices.map((service) => [service, fresh.urlOf(service)]));
  return { databases: urls as Record<DatabaseService, string>, store: testStore() };
}

async function ask<Row extends object>(
  places: BackupPlaces,
  service: DatabaseService,
  sql: string,
  values?: unknown[],
) {
  const client = new Client({ connectionString: places.databases[service] });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

function s3Of({ store: { endpoint, accessKey, secretKey } }: BackupPlaces): S3 {
  const { hostname, port } = new URL(endpoint);
  return new S3({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, pathStyle: true });
}

/** A file and its object. */
async function aFile(places: BackupPlaces, text: string): Promise<string> {
  const [id, owner, bytes] = [randomUUID(), randomUUID(), Buffer.from(text)];
  const key = `inputs/${owner}/${id}`;
  await s3Of(places).putObject(places.store.bucket, key, bytes, bytes.length, { 'Content-Type': 'text/plain' });
  await ask(
    places,
    'storage',
    `INSERT INTO files (id, owner_id, kind, filename, media_type, size_bytes, sha256, object_key, created_at)
     VALUES ($1, $2, 'input', $3, 'text/plain', $4, $5, $6, now())`,
    [id, owner, 'a\tname\\ of\nlines', bytes.length, createHash('sha256').update(bytes).digest('hex'), key],
  );
  return key;
}

/** Backs up into `during`, and does `work` at the moment when it is about to read a table of a schema. */
async function whileReading(
  places: BackupPlaces,
  service: DatabaseService,
  table: string,
  work: () => Promise<void>,
): Promise<BackupReport> {
  const holder = new Client({ connectionString: places.databases[service] });
  await holder.connect();
  try {
    await holder.query(
      `SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`,
    );
    const report = backUp(places, path.join(folder, 'during'));
    await eventually(async () => {
      const waiting = 'SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted';
      expect((await holder.query(waiting, [table])).rowCount).toBe(1);
    });
    await work();
    await holder.query('COMMIT');
    return await report;
  } finally {
    await holder.end();
  }
}

const manifestOf = (name: string): Manifest => BackupFolder.open(path.join(folder, name)).manifest();

beforeAll(async () => {
  first = await emptyPlaces();
  for (const service of databaseServices) await migrateTo(service, first.databases[service], allMigrations(service));
  await s3Of(first).makeBucket(first.store.bucket, 'us-east-1');
  for (const text of ['one', 'two', 'three']) await aFile(first, text);
  const account = randomUUID();
  await ask(first, 'auth', `INSERT INTO accounts (id, email, password_hash, created_at) VALUES ($1, $2, $3, now())`, [
    account,
    "o'hara\\n@example.org",
    '$argon2id$…',
  ]);
  await ask(
    first,
    'auth',
    `INSERT INTO api_keys (id, account_id, name, prefix, key_hash, scopes, created_at)
     VALUES ($1, $2, 'a', 'b', $3, $4, 'infinity')`,
    [randomUUID(), account, Buffer.from([0, 92, 255]), ['generate', 'a "b", c']],
  );
  await ask(first, 'task', `SELECT nextval('queue_tickets'), nextval('queue_tickets')`);
}, 60_000);

describe('a backup', () => {
  it('comes back as it was, into schemas and a store that are empty', async () => {
    const { manifest, gone, lost } = await backUp(first, path.join(folder, 'whole'));
    expect({ objects: manifest.objects, gone, lost }).toEqual({ objects: { count: 3, bytes: 11 }, gone: 0, lost: [] });
    const second = await emptyPlaces();
    await restore(second, path.join(folder, 'whole'));
    const again = await backUp(second, path.join(folder, 'again'));
    expect(again.manifest).toEqual({ ...manifest, takenAt: expect.any(String) });
    expect(manifest.schemas.auth.tables.find(({ name }) => name === 'api_keys')?.rows).toBe(1);
    expect(await ask(second, 'task', `SELECT nextval('queue_tickets')::int AS ticket`)).toEqual([{ ticket: 2 }]);
  });

  it('is readable by its owner alone, and lies in a folder that was empty', async () => {
    expect(statSync(path.join(folder, 'whole')).mode & 0o077).toBe(0);
    expect(statSync(path.join(folder, 'whole', 'manifest.json')).mode & 0o077).toBe(0);
    await expect(backUp(first, folder)).rejects.toThrow('is not empty');
  });

  it('is of one moment in every schema, and has neither file nor object of what is removed while it is made', async () => {
    const key = await aFile(first, 'removed');
    const during = await whileReading(first, 'storage', 'uploads', async () => {
      await ask(first, 'storage', 'DELETE FROM files WHERE object_key = $1', [key]);
      await s3Of(first).removeObject(first.store.bucket, key);
      await ask(first, 'ml-bridge', 'INSERT INTO erased_accounts (account_id) VALUES ($1)', [randomUUID()]);
    });
    expect(during).toMatchObject({ gone: 1, lost: [] });
    const rowsOf = (service: DatabaseService, table: string) =>
      during.manifest.schemas[service].tables.find(({ name }) => name === table)?.rows;
    expect({ files: rowsOf('storage', 'files'), erased: rowsOf('ml-bridge', 'erased_accounts') }).toEqual({
      files: 4,
      erased: 0,
    });
    const second = await emptyPlaces();
    await restore(second, path.join(folder, 'during'));
    expect(await ask(second, 'storage', 'SELECT 1 FROM files')).toHaveLength(3);
    await ask(first, 'ml-bridge', 'DELETE FROM erased_accounts');
  });

  it('says what the store has lost, and does without the file', async () => {
    const key = await aFile(first, 'four');
    await s3Of(first).removeObject(first.store.bucket, key);
    expect(await backUp(first, path.join(folder, 'lossy'))).toMatchObject({ gone: 0, lost: [key] });
    const second = await emptyPlaces();
    await restore(second, path.join(folder, 'lossy'));
    const files = await ask<{ key: string }>(second, 'storage', 'SELECT object_key AS key FROM files');
    expect(files).toHaveLength(3);
    for (const file of files) await s3Of(second).statObject(second.store.bucket, file.key);
    await ask(first, 'storage', 'DELETE FROM files WHERE object_key = $1', [key]);
  });

  it('is refused where the store has other bytes than the file is said to have', async () => {
    const key = await aFile(first, 'five');
    await s3Of(first).putObject(first.store.bucket, key, 'cinq');
    await expect(backUp(first, path.join(folder, 'wrong'))).rejects.toThrow(`other bytes under ${key}`);
    expect(() => manifestOf('wrong')).toThrow('no finished backup');
    await ask(first, 'storage', 'DELETE FROM files WHERE object_key = $1', [key]);
  });
});

describe('restoring', () => {
  it('refuses schemas that have rows, and changes nothing', async () => {
    await expect(restore(first, path.join(folder, 'whole'))).rejects.toThrow('schema of auth is not empty');
  });

  it('refuses a backup of a later release', async () => {
    const manifest = manifestOf('again');
    manifest.schemas.task.migrations.push('FromTheFuture1999999999999');
    writeFileSync(path.join(folder, 'again', 'manifest.json'), JSON.stringify(manifest));
    await expect(restore(await emptyPlaces(), path.join(folder, 'again'))).rejects.toThrow(
      'FromTheFuture1999999999999',
    );
  });

  it('takes a backup of an earlier release, with the tables of that time', async () => {
    const old = await emptyPlaces();
    for (const service of databaseServices) {
      const migrations = allMigrations(service).slice(0, service === 'auth' ? 1 : undefined);
      await migrateTo(service, old.databases[service], migrations);
    }
    await s3Of(old).makeBucket(old.store.bucket, 'us-east-1');
    await backUp(old, path.join(folder, 'old'));
    const place = await emptyPlaces();
    await restore(place, path.join(folder, 'old'));
    expect(await ask(place, 'auth', `SELECT to_regclass('api_keys') AS table`)).toEqual([{ table: null }]);
    await migrateTo('auth', place.databases.auth, allMigrations('auth'));
    expect(await ask(place, 'auth', 'SELECT 1 FROM api_keys')).toEqual([]);
  });

  it('finds what was damaged, puts no row in, and can be run again', async () => {
    const { manifest } = await backUp(first, path.join(folder, 'damaged'));
    const place = await emptyPlaces();
    const file = path.join(folder, 'damaged', 'tables', 'storage', 'files.copy.gz');
    const whole = readFileSync(file);
    appendFileSync(file, whole);
    await expect(restore(place, path.join(folder, 'damaged'))).rejects.toThrow('changed or damaged');
    expect(await ask(place, 'auth', 'SELECT 1 FROM accounts')).toEqual([]);
    writeFileSync(file, whole);
    expect(await restore(place, path.join(folder, 'damaged'))).toEqual(manifest);
    expect(readdirSync(path.join(folder, 'damaged'))).toContain('manifest.json');
  });
});
