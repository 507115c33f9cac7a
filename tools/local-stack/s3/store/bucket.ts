import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { S3Error } from '../errors.js';
import { Blobs } from './blobs.js';
import { isObjectExpired, isUploadAbandoned, parseLifecycle } from './lifecycle.js';
import { byKeyBytes } from './listing.js';
import { MultipartUploads } from './multipart-uploads.js';
import { readRecord, Records } from './records.js';
import type { StoredObject } from './stored-object.js';
import { Turns } from '../../../../libs/runtime/src/turns.js';

interface BucketRecord {
  /** ISO 8601. */
  created: string;
  /** The LifecycleConfiguration as it was put. */
  lifecycle?: string;
}

const recordName = 'bucket.json';

/**
 * One bucket and its folder. A key never becomes a path: its record is named by the SHA-256 of the key, so no key can
 * leave the folder, be too long for the file system or fall together with another one.
 */
export class Bucket {
  readonly uploads: MultipartUploads;
  readonly blobs: Blobs;
  readonly #objects = new Map<string, StoredObject>();
  #sorted: StoredObject[] | undefined;
  readonly #turns = new Turns();
  #deleted = false;

  private constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly records: Records,
    private record: BucketRecord,
  ) {
    this.blobs = new Blobs(path.join(folder, 'blobs'), records.powerSafe);
    this.uploads = new MultipartUploads(path.join(folder, 'uploads'), records, this.blobs);
  }

  /** Makes the folder of an empty bucket. */
  static async layOut(folder: string, records: Records): Promise<void> {
    for (const part of ['objects', 'blobs', 'uploads']) {
      await mkdir(path.join(folder, part), { recursive: true, mode: 0o700 });
    }
    await records.write(path.join(folder, recordName), { created: new Date().toISOString() });
  }

  /** Reads a bucket from its folder and removes what a crash left between two steps. Undefined: not a bucket. */
  static async open(folder: string, records: Records): Promise<Bucket | undefined> {
    const record = await readRecord<BucketRecord>(path.join(folder, recordName));
    if (!record) return undefined;
    const bucket = new Bucket(path.basename(folder), folder, records, record);
    await bucket.#load();
    return bucket;
  }

  get created(): string {
    return this.record.created;
  }

  get lifecycle(): string | undefined {
    return this.record.lifecycle;
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** Every object in the order of S3. */
  get sorted(): readonly StoredObject[] {
    return (this.#sorted ??= [...this.#objects.values()].toSorted(byKeyBytes));
  }

  find(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Throws NoSuchKey. */
  get(key: string): StoredObject {
    const object = this.#objects.get(key);
    if (!object) throw new S3Error('NoSuchKey', undefined, { fields: { Key: key } });
    return object;
  }

  /** Publishes an object whose blobs are complete. What was under the key goes; if this throws, it stays. */
  async put(object: StoredObject, check: (current: StoredObject | undefined) => void): Promise<void> {
    await this.#turns.take(object.key, async () => {
      if (this.#deleted) throw new S3Error('NoSuchBucket');
      const current = this.#objects.get(object.key);
      check(current);
      await this.records.write(this.#recordPath(object.key), object);
      this.#objects.set(object.key, object);
      this.#sorted = undefined;
      if (current) await this.blobs.remove(current.segments);
    });
  }

  /** Removes an object if there is one and, where a condition is given, it holds. */
  async remove(key: string, onlyIf: (object: StoredObject) => boolean = () => true): Promise<void> {
    await this.#turns.take(key, async () => {
      const object = this.#objects.get(key);
      if (!object || !onlyIf(object)) return;
      await rm(this.#recordPath(key), { force: true });
      this.#objects.delete(key);
      this.#sorted = undefined;
      await this.blobs.remove(object.segments);
    });
  }

  /** Sets or removes the lifecycle; throws what `parseLifecycle` throws. */
  async setLifecycle(lifecycle: string | undefined): Promise<void> {
    if (lifecycle !== undefined) parseLifecycle(lifecycle);
    const record = { created: this.created, lifecycle };
    await this.records.write(path.join(this.folder, recordName), record);
    this.record = record;
  }

  /** Removes what the lifecycle says is over at that time. */
  async sweep(nowMs: number): Promise<void> {
    const rules = this.lifecycle === undefined ? [] : parseLifecycle(this.lifecycle);
    const isOver = (object: StoredObject): boolean => isObjectExpired(rules, object, nowMs);
    for (const object of this.sorted.filter(isOver)) await this.remove(object.key, isOver);
    await this.uploads.sweep((upload) => isUploadAbandoned(rules, upload, nowMs));
  }

  /** Removes the folder; only an empty bucket can go. Throws BucketNotEmpty. */
  async delete(): Promise<void> {
    if (!this.isEmpty) throw new S3Error('BucketNotEmpty');
    this.#deleted = true;
    await this.records.discard(this.folder);
  }

  async #load(): Promise<void> {
    const folder = path.join(this.folder, 'objects');
    for (const name of await readdir(folder)) {
      const object = readObject(path.join(folder, name)) ?? (await rm(path.join(folder, name), { force: true }));
      if (object) this.#objects.set(object.key, object);
    }
    const owned = new Set(this.sorted.flatMap(({ segments }) => segments.map(({ blob }) => blob)));
    const stored = await this.blobs.names();
    const isFree = (blob: string): boolean => stored.has(blob) && !owned.has(blob);
    for (const blob of await this.uploads.load(isFree)) owned.add(blob);
    await this.blobs.remove([...stored].filter((blob) => !owned.has(blob)).map((blob) => ({ blob, size: 0 })));
  }

  #recordPath(key: string): string {
    return path.join(this.folder, 'objects', `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

/** Synchronous on purpose: ten times faster for a hundred thousand records, and nothing else runs yet. */
function readObject(file: string): StoredObject | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredObject;
  } catch {
    return undefined;
  }
}
