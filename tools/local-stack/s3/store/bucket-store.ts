import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { S3Error } from '../errors.js';
import { Bucket } from './bucket.js';
import { readRecord, Records } from './records.js';
import { Turns } from '../../../../libs/runtime/src/turns.js';

/** 3 to 63 of a-z, 0-9, dot and hyphen, no two dots in a row, not an IP address: S3's rules, safe as a folder name. */
const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const format = { format: 'lathe-s3', version: 1 };

/**
 * All buckets below one folder, kept by one process:
 * `store.json`, `tmp/` (unfinished, emptied at start) and `buckets/<name>/{bucket.json,objects/,blobs/,uploads/}`.
 */
export class BucketStore {
  readonly #buckets = new Map<string, Bucket>();
  readonly #turns = new Turns();

  private constructor(
    private readonly folder: string,
    private readonly records: Records,
  ) {}

  /** Opens or makes a store. Refuses a folder that holds anything else, since it removes what it does not know. */
  static async open(folder: string, powerSafe: boolean): Promise<BucketStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const marker = path.join(folder, 'store.json');
    const found = await readRecord<typeof format>(marker);
    const known = found?.format === format.format && found.version === format.version;
    const foreign = (await readdir(folder)).filter((name) => !['store.json', 'tmp', 'buckets'].includes(name));
    if (found ? !known : foreign.length > 0) throw new Error(`${folder} is not a folder of this S3 store`);
    const records = new Records(path.join(folder, 'tmp'), powerSafe);
    await records.clear();
    if (!found) await records.write(marker, format);
    const store = new BucketStore(path.join(folder, 'buckets'), records);
    await store.#load();
    return store;
  }

  /** Every bucket by name. */
  get sorted(): readonly Bucket[] {
    return [...this.#buckets.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws NoSuchBucket. */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', undefined, { fields: { BucketName: name } });
    return bucket;
  }

  /** Throws InvalidBucketName or BucketAlreadyOwnedByYou. */
  async create(name: string): Promise<void> {
    if (!bucketName.test(name)) throw new S3Error('InvalidBucketName');
    await this.#turns.take(name, async () => {
      if (this.#buckets.has(name))
        throw new S3Error('BucketAlreadyOwnedByYou', undefined, { fields: { BucketName: name } });
      const draft = this.records.scratchPath();
      await Bucket.layOut(draft, this.records);
      await rename(draft, path.join(this.folder, name));
      const bucket = await Bucket.open(path.join(this.folder, name), this.records);
      if (bucket) this.#buckets.set(name, bucket);
    });
  }

  /** Throws NoSuchBucket or BucketNotEmpty. */
  async delete(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      await this.get(name).delete();
      this.#buckets.delete(name);
    });
  }

  /** Removes in every bucket what its lifecycle says is over at that time. */
  async sweep(nowMs: number): Promise<void> {
    for (const bucket of this.sorted) await bucket.sweep(nowMs);
  }

  async #load(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.folder)) {
      const bucket = bucketName.test(name) ? await Bucket.open(path.join(this.folder, name), this.records) : undefined;
      if (bucket) this.#buckets.set(name, bucket);
    }
  }
}
