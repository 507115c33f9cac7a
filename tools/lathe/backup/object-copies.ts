import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'minio';
import type { ObjectStore } from '../../local-stack/object-store.js';
import type { KeptObject } from './backup-folder.js';
import { Fingerprint, requireUnchanged } from './fingerprint.js';

/** As many objects on their way at once. */
const atOnce = 8;

/** Copies objects between the store and files, each checked against what is known of it. */
export class ObjectCopies {
  private readonly s3: Client;
  private readonly bucket: string;

  constructor(
    { endpoint, accessKey, secretKey, bucket }: ObjectStore,
    private readonly region = 'us-east-1',
  ) {
    const { protocol, hostname, port } = new URL(endpoint);
    this.bucket = bucket;
    this.s3 = new Client({
      endPoint: hostname,
      ...(port ? { port: Number(port) } : {}),
      useSSL: protocol === 'https:',
      accessKey,
      secretKey,
      region,
      pathStyle: true,
    });
  }

  /** Whether the store still had the object. Throws when it has other bytes under this key. */
  async fetch({ key, bytes, sha256 }: KeptObject, file: string): Promise<boolean> {
    const body = await this.s3.getObject(this.bucket, key).catch((error: { code?: string }) => {
      if (error.code === 'NoSuchKey' || error.code === 'NotFound') return undefined;
      throw error;
    });
    if (!body) return false;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const fingerprint = new Fingerprint();
    await pipeline(body, fingerprint, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    if (fingerprint.bytes === bytes && fingerprint.sha256() === sha256) return true;
    throw new Error(`The store has other bytes under ${key} than its file is said to have.`);
  }

  /** Stores a file under the key. Throws when the file is not what was fetched. */
  async send({ key, mediaType, sha256 }: KeptObject, file: string): Promise<void> {
    await requireUnchanged(file, { sha256 });
    await this.s3.fPutObject(this.bucket, key, file, { 'Content-Type': mediaType });
  }

  async makeBucket(): Promise<void> {
    if (!(await this.s3.bucketExists(this.bucket))) await this.s3.makeBucket(this.bucket, this.region);
  }
}

/** Works on several of them at once; the first failure ends it, once what was begun is over. */
export async function eachOf<T>(values: AsyncGenerator<T>, work: (value: T) => Promise<void>): Promise<void> {
  const worker = async (): Promise<void> => {
    for await (const value of values) await work(value);
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}
