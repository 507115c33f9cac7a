import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatabaseService } from '../../provision/database.js';

/** One table in its file: rows as COPY writes them in text, compressed. */
export interface KeptTable {
  name: string;
  columns: string[];
  rows: number;
  /** Of the compressed file. */
  sha256: string;
}

/** A schema at the moment of the backup. */
export interface KeptSchema {
  /** What had been done to it, in the order of the names. */
  migrations: string[];
  /** A table comes after those that it refers to. */
  tables: KeptTable[];
  /** Where each sequence was, as text (they are 64 bits wide); one that was never asked is left out. */
  sequences: Record<string, string>;
}

/** An object of the store that a file stands for. */
export interface KeptObject {
  key: string;
  mediaType: string;
  bytes: number;
  sha256: string;
}

/** What a backup holds. It is written last: a folder without it is no backup. */
export interface Manifest {
  format: 1;
  /** The moment that the rows are of, by the clock of the database. */
  takenAt: string;
  schemas: Record<DatabaseService, KeptSchema>;
  objects: { count: number; bytes: number };
}

/** The folder of one backup: `manifest.json`, `tables/<schema>/<table>.copy.gz`, `objects.jsonl`, `gone.jsonl` and `objects/<key>`. */
export class BackupFolder {
  private constructor(readonly folder: string) {}

  /** A new backup. Throws unless the folder is empty or not there yet. Nobody but its owner may read it: it holds password hashes. */
  static create(folder: string): BackupFolder {
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty.`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new BackupFolder(folder);
  }

  static open(folder: string): BackupFolder {
    return new BackupFolder(folder);
  }

  get objectList(): string {
    return this.inside('objects.jsonl');
  }

  /** Keys of objects that were removed while the backup was made. */
  get goneList(): string {
    return this.inside('gone.jsonl');
  }

  tableFile(service: DatabaseService, table: string): string {
    return this.inside('tables', service, `${table}.copy.gz`);
  }

  objectFile(key: string): string {
    return this.inside('objects', key);
  }

  /** Throws when the folder holds no finished backup, or one of a form that this release does not know. */
  manifest(): Manifest {
    if (!existsSync(this.manifestFile)) throw new Error(`${this.folder} holds no finished backup: no manifest.json.`);
    const manifest = JSON.parse(readFileSync(this.manifestFile, 'utf8')) as Manifest;
    if (manifest.format !== 1) throw new Error(`${this.folder} is of a form that this release of Lathe does not know.`);
    return manifest;
  }

  finish(manifest: Manifest): void {
    writeFileSync(this.manifestFile, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  }

  private get manifestFile(): string {
    return this.inside('manifest.json');
  }

  /** A path below the folder. Throws for a name that leads out of it. */
  private inside(...names: string[]): string {
    const file = path.resolve(this.folder, ...names);
    if (!file.startsWith(path.resolve(this.folder) + path.sep))
      throw new Error(`${names.join('/')} is no name of a file.`);
    return file;
  }
}

/** Writes one JSON value a line; the file is new. */
export async function writeLines(file: string, values: AsyncIterable<unknown>): Promise<void> {
  await pipeline(Readable.from(asLines(values)), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
}

async function* asLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** The values of such a file, one after the other. */
export async function* readLines<T>(file: string): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line !== '') yield JSON.parse(line) as T;
  }
}
