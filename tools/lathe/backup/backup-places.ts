import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { settingsFrom } from '#runtime';
import { dataFolder } from '../../local-stack/state/folders.js';
import { databaseServices, roleOf, serviceUrl } from '../../provision/database.js';
import { passwordVariable } from '../../provision/passwords.js';
import type { BackupPlaces } from './back-up.js';
import type { DatabaseUrls } from './sessions.js';

/** `AUTH_DATABASE_URL`, `TASK_DATABASE_URL`, `STORAGE_DATABASE_URL`, `ML_BRIDGE_DATABASE_URL`. */
const urlVariables = databaseServices.map((service) => passwordVariable(service, 'DATABASE_URL'));
const storeVariables = ['S3_ENDPOINT', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'S3_BUCKET'];

/**
 * Where the schemas and the store are: what the settings say, each also by the file that its name with `_FILE` names, or else what
 * `npm start` runs here. Throws with the names of settings that are missing beside others.
 */
export function backupPlaces(env: NodeJS.ProcessEnv = process.env): BackupPlaces {
  const given = settingsFrom([...urlVariables, ...storeVariables, 'S3_REGION'], env);
  if (Object.keys(given).length === 0) return placesOfStack(dataFolder(env));
  const missing = [...urlVariables, ...storeVariables].filter((name) => !given[name]);
  if (missing.length > 0) throw new Error(`Set ${missing.join(', ')}, too, each of them or the same with _FILE.`);
  const urls = databaseServices.map((service) => [service, given[passwordVariable(service, 'DATABASE_URL')]]);
  return {
    databases: Object.fromEntries(urls) as DatabaseUrls,
    store: {
      endpoint: given.S3_ENDPOINT!,
      accessKey: given.S3_ACCESS_KEY!,
      secretKey: given.S3_SECRET_KEY!,
      bucket: given.S3_BUCKET!,
    },
    ...(given.S3_REGION && { region: given.S3_REGION }),
  };
}

/** What `npm start` runs: its ports and passwords are in the data folder. */
function placesOfStack(folder: string): BackupPlaces {
  const file = path.join(folder, 'stack.json');
  if (!existsSync(file)) {
    throw new Error(`Nothing runs here; of a deployment set ${[...urlVariables, ...storeVariables].join(', ')}.`);
  }
  const { ports, secrets } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string | number>>;
  const server = `postgres://127.0.0.1:${ports?.postgres}/`;
  const urls = databaseServices.map((service) => [
    service,
    serviceUrl(server, 'lathe', roleOf(service), String(secrets?.[`database/${service}`])),
  ]);
  return {
    databases: Object.fromEntries(urls) as DatabaseUrls,
    store: {
      endpoint: `http://127.0.0.1:${ports?.s3}`,
      accessKey: 'lathe',
      secretKey: String(secrets?.s3),
      bucket: 'lathe',
    },
  };
}
