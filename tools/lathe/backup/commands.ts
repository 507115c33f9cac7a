import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, WrongUse } from '../command.js';
import { backUp } from './back-up.js';
import type { Manifest } from './backup-folder.js';
import { backupPlaces } from './backup-places.js';
import { restore } from './restore.js';

const places = `

  Settings: AUTH_DATABASE_URL, TASK_DATABASE_URL, STORAGE_DATABASE_URL, ML_BRIDGE_DATABASE_URL, S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY,
  S3_SECRET_KEY, S3_REGION, each also with _FILE. Without any of them: what "npm start" runs.`;

/** Backs up what the settings name, or what runs here. */
export const backupCommand: Command = {
  summary: 'backs a running system up into a new folder',
  usage: `lathe backup FOLDER

  The rows of all schemas as they are at one moment, then the objects of their files. Keep AUTH_SECRET and WEBHOOKS_SECRET beside it:
  they are not in it.${places}`,
  async run(args, say) {
    const folder = folderFrom(args);
    const { manifest, gone, lost } = await backUp(backupPlaces(), folder);
    say(`${folder}: ${contentsOf(manifest)}, as of ${manifest.takenAt}`);
    if (gone > 0) say(`Left out: ${gone} files that were removed meanwhile.`);
    for (const key of lost)
      say(`LOST: the store has no object ${key}, for which there is a file. It is not in the backup.`);
  },
};

/** Restores to what the settings name, or to the servers that run here. */
export const restoreCommand: Command = {
  summary: 'puts a backup into empty schemas and a store',
  usage: `lathe restore FOLDER

  Run "provision" first, and start no service before it is done; start them with the AUTH_SECRET and WEBHOOKS_SECRET of the system that
  was backed up.${places}`,
  async run(args, say) {
    const manifest = await restore(backupPlaces(), folderFrom(args));
    say(`${contentsOf(manifest)} are as they were at ${manifest.takenAt}`);
  },
};

function folderFrom(args: string[]): string {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  if (positionals.length !== 1) throw new WrongUse('Name one folder.');
  return path.resolve(positionals[0]!);
}

function contentsOf({ schemas, objects: { count, bytes } }: Manifest): string {
  const rows = Object.values(schemas).flatMap(({ tables }) => tables.map((table) => table.rows));
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return `${rows.reduce((sum, one) => sum + one, 0)} rows and ${count} objects of ${megabytes} MB`;
}
