import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backupPlaces } from './backup-places.js';

const folder = mkdtempSync(path.join(tmpdir(), 'lathe-places-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const database = 'postgres://role:pw@db/lathe';
const settings = {
  AUTH_DATABASE_URL: database,
  TASK_DATABASE_URL: database,
  STORAGE_DATABASE_URL: database,
  ML_BRIDGE_DATABASE_URL: database,
  S3_ENDPOINT: 'https://s3.example.org',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'secret',
  S3_BUCKET: 'models',
};

describe('what is backed up', () => {
  it('is what the settings name', () => {
    expect(backupPlaces({ ...settings, S3_REGION: 'eu-central-1' })).toEqual({
      databases: { auth: database, task: database, storage: database, 'ml-bridge': database },
      region: 'eu-central-1',
      store: { endpoint: 'https://s3.example.org', accessKey: 'key', secretKey: 'secret', bucket: 'models' },
    });
  });

  it('is never half of what the settings name', () => {
    const { TASK_DATABASE_URL: _, S3_BUCKET: __, ...half } = settings;
    expect(() => backupPlaces({ ...half, DATA_DIR: folder })).toThrow('TASK_DATABASE_URL, S3_BUCKET');
  });

  it('is otherwise what runs here', () => {
    expect(() => backupPlaces({ DATA_DIR: folder })).toThrow('Nothing runs here');
    writeFileSync(
      path.join(folder, 'stack.json'),
      JSON.stringify({ ports: { postgres: 15432, s3: 19000 }, secrets: { 'database/task': 'p', s3: 's' } }),
    );
    expect(backupPlaces({ DATA_DIR: folder })).toMatchObject({
      databases: { task: 'postgres://lathe_task:p@127.0.0.1:15432/lathe' },
      store: { endpoint: 'http://127.0.0.1:19000', secretKey: 's' },
    });
  });
});
