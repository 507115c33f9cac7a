import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client, CopyDestinationOptions, CopySourceOptions } from 'minio';
import { StorageConfig } from '../storage.config.js';
import { askForLifecycle, makeBucket } from './bucket.client.js';
import { BoundedHttp, type Limits } from './bounded-http.client.js';
import { partsOf } from './file-parts.client.js';
import { ObjectGone } from './object-gone.js';
import { StoreCalls } from './store-calls.client.js';

const quick: Limits = { totalMs: 4000, silenceMs: 4000 };
const transfer: Limits = { totalMs: 300_000, silenceMs: 4000 };
/** A store copies, and puts parts together, without a word until it is done. */
const copying: Limits = { totalMs: 120_000, silenceMs: 120_000 };
const bucketRetryMs = 2000;
/** S3 takes parts of 5 MiB and more, ten thousand of them. */
const partBytes = 8 * 1024 * 1024;
/** As many as a store lists at once. */
const pageSize = 1000;

/** What is being read: the entity tag stands for exactly these bytes. */
export interface ReadObject {
  size: number;
  etag: string;
  body: Readable;
}

/** An object and when it was last written. */
export interface ListedObject {
  key: string;
  since: Date;
}

/** A part of a list, in the order of the keys' bytes. */
export interface ObjectPage {
  objects: ListedObject[];
  /** Whether the list goes on after the last of them. */
  more: boolean;
}

/** How the answer to a presigned request describes the bytes. */
export interface DownloadHeaders {
  'response-content-type': string;
  'response-content-disposition': string;
  'response-cache-control': string;
}

/**
 * The store, and the only file that speaks S3. A store that is down or slow is a `service_unavailable`, an object that is not
 * there (any more) an ObjectGone. Every call here may be repeated, and is repeated once when a kept connection was closed.
 */
@Injectable()
export class S3Client implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(S3Client.name);
  private readonly http: BoundedHttp;
  private readonly calls: StoreCalls;
  private readonly s3: Client;
  /** Signs for the address that clients know the store by; sends nothing. */
  private readonly outside: Client | undefined;
  private readonly bucket: string;
  private readonly region: string;
  private retry: NodeJS.Timeout | undefined;

  constructor(config: StorageConfig) {
    this.bucket = config.S3_BUCKET;
    this.region = config.S3_REGION;
    this.http = new BoundedHttp({ secure: config.S3_ENDPOINT.startsWith('https:'), maxSockets: 64 });
    this.calls = new StoreCalls(this.http, () => this.s3.bucketExists(this.bucket));
    this.s3 = clientFor(config.S3_ENDPOINT, config, {
      transport: { request: this.http.request as never },
      transportAgent: this.http.agent,
      retryOptions: { disableRetry: true },
    });
    if (config.S3_PUBLIC_ENDPOINT) this.outside = clientFor(config.S3_PUBLIC_ENDPOINT, config);
  }

  /** The service starts without its store too: it says so in /health/ready and tries again. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.calls.call(this.bucket, quick, () => makeBucket(this.s3, this.bucket, this.region));
    } catch {
      this.retry = setTimeout(() => void this.onApplicationBootstrap(), bucketRetryMs);
      return;
    }
    const refused = await this.http.within(quick, () => askForLifecycle(this.s3, this.bucket));
    if (refused) this.logger.warn(refused);
  }

  /** After the last upload is answered. */
  onApplicationShutdown(): void {
    clearTimeout(this.retry);
    this.calls.close();
  }

  /** Whether the store has our bucket and our last call did not fail; an answer holds for two seconds. */
  answers(): Promise<boolean> {
    return this.calls.answers();
  }

  /** Refuses at once what could not be stored anyway. */
  expectToAnswer(): Promise<void> {
    return this.calls.expectToAnswer();
  }

  async put(key: string, bytes: Buffer, mediaType: string): Promise<void> {
    await this.calls.call(key, transfer, () =>
      this.s3.putObject(this.bucket, key, bytes, bytes.length, { 'Content-Type': mediaType }),
    );
  }

  /**
   * Stores a file from the disk, in parts when it is large, through one small buffer. Throws when it has not `size` bytes; whatever
   * throws, no part of it stays in the store.
   */
  putFile(key: string, path: string, size: number, mediaType: string): Promise<void> {
    return this.calls.writes(async () => {
      if (size > partBytes) return this.putInParts(key, path, size, mediaType);
      for await (const { bytes } of partsOf(path, size, partBytes)) await this.put(key, bytes, mediaType);
    });
  }

  /** Hands the object to `use`; the connection is given up as soon as that returns or throws. */
  read<T>(key: string, use: (object: ReadObject) => Promise<T>): Promise<T> {
    return this.calls.read(key, transfer, async () => {
      const body = (await this.s3.getObject(this.bucket, key)) as IncomingMessage;
      try {
        const { 'content-length': size, etag } = body.headers;
        return await use({ size: Number(size), etag: etag ?? '', body });
      } finally {
        body.destroy();
      }
    });
  }

  /** Copies inside the store, and only the object that `etag` stands for. */
  async copy(from: { key: string; etag: string }, to: string, mediaType: string): Promise<void> {
    const source = new CopySourceOptions({ Bucket: this.bucket, Object: from.key, MatchETag: from.etag });
    const target = new CopyDestinationOptions({
      Bucket: this.bucket,
      Object: to,
      MetadataDirective: 'REPLACE',
      Headers: { 'Content-Type': mediaType },
    });
    await this.calls.call(from.key, copying, () => this.s3.copyObject(source, target));
  }

  /** Removing what is not there is fine. */
  async remove(key: string): Promise<void> {
    await this.calls.call(key, quick, () => this.s3.removeObject(this.bucket, key));
  }

  /** When the object was last written; undefined when there is none. */
  async writtenAt(key: string): Promise<Date | undefined> {
    try {
      return (await this.calls.call(key, quick, () => this.s3.statObject(this.bucket, key))).lastModified;
    } catch (error) {
      if (error instanceof ObjectGone) return undefined;
      throw error;
    }
  }

  /** With `outside` at the address that clients know the store by, where there is one. */
  presignRead(key: string, seconds: number, outside = false): Promise<string> {
    return this.signerFor(outside).presignedGetObject(this.bucket, key, seconds);
  }

  presignWrite(key: string, seconds: number, outside = false): Promise<string> {
    return this.signerFor(outside).presignedPutObject(this.bucket, key, seconds);
  }

  private signerFor(outside: boolean): Client {
    return (outside ? this.outside : undefined) ?? this.s3;
  }

  /** An address for clients to GET this object from, described as said; undefined when they cannot reach the store. */
  async presignPublicRead(key: string, seconds: number, headers: DownloadHeaders): Promise<string | undefined> {
    return this.outside?.presignedGetObject(this.bucket, key, seconds, { ...headers });
  }

  /** A thousand objects below the prefix, those after `after`. */
  page(prefix: string, after = ''): Promise<ObjectPage> {
    return this.calls.call(prefix, transfer, async () => {
      const objects: ListedObject[] = [];
      for await (const item of this.s3.listObjectsV2(this.bucket, prefix, true, after)) {
        if (objects.length === pageSize) return { objects, more: true };
        const { name, lastModified } = item as { name?: string; lastModified?: Date };
        if (name && lastModified) objects.push({ key: name, since: lastModified });
      }
      return { objects, more: false };
    });
  }

  /** Gives up multipart uploads that were begun, before `limit` when there is one, and never completed. Resolves to how many. */
  abortUploadsBelow(prefix: string, limit?: Date): Promise<number> {
    return this.calls.call(prefix, transfer, async () => {
      let count = 0;
      for await (const item of this.s3.listIncompleteUploads(this.bucket, prefix, true)) {
        const { key, uploadId, initiated } = item as { key: string; uploadId: string; initiated: Date };
        if (limit && initiated >= limit) continue;
        await this.s3.abortMultipartUpload(this.bucket, key, uploadId);
        count++;
      }
      return count;
    });
  }

  private async putInParts(key: string, path: string, size: number, mediaType: string): Promise<void> {
    const headers = { 'Content-Type': mediaType };
    const { calls, s3, bucket } = this;
    const uploadID = await calls.call(key, quick, () => s3.initiateNewMultipartUpload(bucket, key, headers));
    try {
      const parts: { part: number; etag: string }[] = [];
      for await (const { number, bytes } of partsOf(path, size, partBytes)) {
        const part = { bucketName: bucket, objectName: key, uploadID, partNumber: number, headers: {} };
        const { etag } = await calls.call(key, transfer, () => s3.uploadPart(part, bytes));
        parts.push({ part: number, etag });
      }
      await calls.call(key, copying, () => s3.completeMultipartUpload(bucket, key, uploadID, parts));
    } catch (error) {
      const abort = () => s3.abortMultipartUpload(bucket, key, uploadID);
      await calls.call(key, quick, abort).catch(() => this.logger.warn('an upload in parts is left to the sweeper'));
      throw error;
    }
  }
}

type ClientOptions = ConstructorParameters<typeof Client>[0];

function clientFor(address: string, config: StorageConfig, about: Partial<ClientOptions> = {}): Client {
  const { protocol, hostname, port } = new URL(address);
  return new Client({
    endPoint: hostname,
    ...(port ? { port: Number(port) } : {}),
    useSSL: protocol === 'https:',
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    region: config.S3_REGION,
    pathStyle: true,
    ...about,
  });
}
