import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Client, CopyDestinationOptions, CopySourceOptions } from 'minio';
import { Problem } from '#contracts';
import { StorageConfig } from '../storage.config.js';
import { BoundedHttp, type Limits } from './bounded-http.client.js';
import { partsOf } from './file-parts.client.js';
import { ObjectGone } from './object-gone.js';

const quick: Limits = { totalMs: 4000, silenceMs: 4000 };
const question: Limits = { totalMs: 1500, silenceMs: 1500 };
const transfer: Limits = { totalMs: 300_000, silenceMs: 4000 };
/** A store copies without a word until it is done. */
const copying: Limits = { totalMs: 120_000, silenceMs: 120_000 };
const answerIsFreshMs = 2000;
/** S3 takes parts of 5 MiB and more, ten thousand of them. */
const partBytes = 8 * 1024 * 1024;
const bucketRetryMs = 2000;

/** What is being read: the entity tag stands for exactly these bytes. */
export interface ReadObject {
  size: number;
  etag: string;
  body: Readable;
}

/** An object and when it was last written. */
export interface Leftover {
  key: string;
  since: Date;
}

/**
 * The store, and the only file that speaks S3. A store that is down or slow is a `service_unavailable`, an object that is not
 * there (any more) an ObjectGone. Every call here may be repeated, and is repeated once when a kept connection was closed.
 */
@Injectable()
export class S3Client implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(S3Client.name);
  private readonly http: BoundedHttp;
  private readonly s3: Client;
  private readonly bucket: string;
  private readonly region: string;
  private asked = { at: -Infinity, answer: Promise.resolve(false) };
  private retry: NodeJS.Timeout | undefined;

  constructor({ S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET, S3_REGION }: StorageConfig) {
    const { protocol, hostname, port } = new URL(S3_ENDPOINT);
    const secure = protocol === 'https:';
    this.bucket = S3_BUCKET;
    this.region = S3_REGION;
    this.http = new BoundedHttp({ secure, maxSockets: 64 });
    this.s3 = new Client({
      endPoint: hostname,
      ...(port ? { port: Number(port) } : {}),
      useSSL: secure,
      accessKey: S3_ACCESS_KEY,
      secretKey: S3_SECRET_KEY,
      region: S3_REGION,
      pathStyle: true,
      transport: { request: this.http.request as never },
      transportAgent: this.http.agent,
      retryOptions: { disableRetry: true },
    });
  }

  /** The service starts without its store too: it says so in /health/ready and tries again. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.makeBucket();
    } catch {
      this.retry = setTimeout(() => void this.onApplicationBootstrap(), bucketRetryMs);
    }
  }

  onModuleDestroy(): void {
    clearTimeout(this.retry);
    this.http.close();
  }

  /** Whether the store has our bucket and our last call did not fail; an answer holds for two seconds. */
  answers(): Promise<boolean> {
    if (Date.now() - this.asked.at > answerIsFreshMs) {
      const answer = this.http.within(question, () => this.s3.bucketExists(this.bucket)).catch(() => false);
      this.asked = { at: Date.now(), answer };
    }
    return this.asked.answer;
  }

  /** Refuses at once what could not be stored anyway. */
  async expectToAnswer(): Promise<void> {
    if (!(await this.answers())) throw unavailable();
  }

  async put(key: string, bytes: Buffer, mediaType: string): Promise<void> {
    await this.call(key, transfer, () =>
      this.s3.putObject(this.bucket, key, bytes, bytes.length, { 'Content-Type': mediaType }),
    );
  }

  /**
   * Stores a file from the disk, in parts when it is large, through one small buffer. Throws when it has not `size` bytes; whatever
   * throws, no part of it stays in the store.
   */
  async putFile(key: string, path: string, size: number, mediaType: string): Promise<void> {
    if (size > partBytes) return this.putInParts(key, path, size, mediaType);
    for await (const { bytes } of partsOf(path, size, partBytes)) await this.put(key, bytes, mediaType);
  }

  private async putInParts(key: string, path: string, size: number, mediaType: string): Promise<void> {
    const headers = { 'Content-Type': mediaType };
    const uploadID = await this.call(key, quick, () => this.s3.initiateNewMultipartUpload(this.bucket, key, headers));
    const upload = { bucketName: this.bucket, objectName: key, uploadID, headers: {} };
    try {
      const parts: { part: number; etag: string }[] = [];
      for await (const { number, bytes } of partsOf(path, size, partBytes)) {
        const part = { ...upload, partNumber: number };
        const { etag } = await this.call(key, transfer, () => this.s3.uploadPart(part, bytes));
        parts.push({ part: number, etag });
      }
      await this.call(key, copying, () => this.s3.completeMultipartUpload(this.bucket, key, uploadID, parts));
    } catch (error) {
      await this.call(key, quick, () => this.s3.abortMultipartUpload(this.bucket, key, uploadID)).catch(
        () => undefined,
      );
      throw error;
    }
  }

  /** Hands the object to `use`; the connection is given up as soon as that returns or throws. */
  read<T>(key: string, use: (object: ReadObject) => Promise<T>): Promise<T> {
    return this.call(key, transfer, async () => {
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
    await this.call(from.key, copying, () => this.s3.copyObject(source, target));
  }

  /** Removing what is not there is fine. */
  async remove(key: string): Promise<void> {
    await this.call(key, quick, () => this.s3.removeObject(this.bucket, key));
  }

  presignRead(key: string, seconds: number): Promise<string> {
    return this.s3.presignedGetObject(this.bucket, key, seconds);
  }

  presignWrite(key: string, seconds: number): Promise<string> {
    return this.s3.presignedPutObject(this.bucket, key, seconds);
  }

  /** Objects below the prefix, those alone that were last written before `limit` when there is one. */
  objectsBelow(prefix: string, limit?: Date): Promise<Leftover[]> {
    return this.call(prefix, transfer, async () => {
      const found: Leftover[] = [];
      for await (const item of this.s3.listObjectsV2(this.bucket, prefix, true)) {
        const { name, lastModified } = item as { name?: string; lastModified?: Date };
        if (name && lastModified && (!limit || lastModified < limit)) found.push({ key: name, since: lastModified });
      }
      return found;
    });
  }

  /** Gives up multipart uploads that were begun, before `limit` when there is one, and never completed. Resolves to how many. */
  abortUploadsBelow(prefix: string, limit?: Date): Promise<number> {
    return this.call(prefix, transfer, async () => {
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

  /** Several replicas may do this at once: whoever comes second finds the bucket there. */
  private async makeBucket(): Promise<void> {
    await this.call(this.bucket, quick, async () => {
      if (await this.s3.bucketExists(this.bucket)) return;
      await this.s3.makeBucket(this.bucket, this.region).catch(async (error: Error) => {
        if (!(await this.s3.bucketExists(this.bucket))) throw error;
      });
    });
  }

  private async call<T>(key: string, limits: Limits, work: () => Promise<T>): Promise<T> {
    try {
      return await this.http.within(limits, () => work().catch((error: unknown) => repeat(error, work)));
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (['NoSuchKey', 'NotFound', 'PreconditionFailed'].includes(codeOf(error))) throw new ObjectGone(key);
      this.logger.warn({ msg: 'the store failed', code: codeOf(error), reason: String(error) });
      this.asked = { at: Date.now(), answer: Promise.resolve(false) };
      throw unavailable();
    }
  }
}

/** A kept connection that the store has closed in the meantime says nothing about the store. */
function repeat<T>(error: unknown, work: () => Promise<T>): Promise<T> {
  if (!['ECONNRESET', 'EPIPE'].includes(codeOf(error))) throw error;
  return work();
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';

const unavailable = (): Problem =>
  new Problem('service_unavailable', 'The object store does not answer', { retryAfter: 5 });
