import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, type ClientOptions } from 'minio';
import { S3Server } from '../server.js';
import type { Credentials } from '../signing/authentication.js';

/** The store a contract test talks to, with a bucket of its own. */
export interface Subject {
  endpoint: URL;
  credentials: Credentials;
  bucket: string;
  client: Client;
  /** Another client of the same store. */
  clientWith(options: Partial<ClientOptions>): Client;
  /** Empties and removes the bucket, and stops the store if the test started it. */
  close(): Promise<void>;
}

/**
 * Starts the embedded store on a free port and a temporary folder; with S3_CONTRACT_ENDPOINT, S3_CONTRACT_ACCESS_KEY and
 * S3_CONTRACT_SECRET_KEY set it takes that store instead, so that the same contract is proven for a real one.
 */
export async function startSubject(): Promise<Subject> {
  const { S3_CONTRACT_ENDPOINT: elsewhere, S3_CONTRACT_ACCESS_KEY, S3_CONTRACT_SECRET_KEY } = process.env;
  const credentials = {
    accessKey: elsewhere ? (S3_CONTRACT_ACCESS_KEY ?? '') : 'contract',
    secretKey: elsewhere ? (S3_CONTRACT_SECRET_KEY ?? '') : randomBytes(24).toString('hex'),
  };
  const { endpoint, stop } = elsewhere
    ? { endpoint: new URL(elsewhere), stop: () => Promise.resolve() }
    : await startEmbedded(credentials);
  const clientWith = (options: Partial<ClientOptions>): Client =>
    new Client({ ...at(endpoint), ...credentials, ...options });
  const client = clientWith({});
  const bucket = `contract-${randomBytes(6).toString('hex')}`;
  await client.makeBucket(bucket, 'us-east-1');
  const close = async (): Promise<void> => {
    await empty(client, bucket);
    await client.removeBucket(bucket);
    await stop();
  };
  return { endpoint, credentials, bucket, client, clientWith, close };
}

const at = (endpoint: URL): Omit<ClientOptions, 'accessKey' | 'secretKey'> => ({
  endPoint: endpoint.hostname,
  port: Number(endpoint.port || (endpoint.protocol === 'https:' ? 443 : 80)),
  useSSL: endpoint.protocol === 'https:',
  region: 'us-east-1',
  pathStyle: true,
  partSize: 8 * 2 ** 20,
});

async function startEmbedded(credentials: Credentials): Promise<{ endpoint: URL; stop: () => Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), 's3-contract-'));
  const server = await S3Server.open({ dir, ...credentials });
  const port = await server.listen();
  const stop = async (): Promise<void> => {
    await server.close();
    await rm(dir, { recursive: true });
  };
  return { endpoint: new URL(`http://127.0.0.1:${port}`), stop };
}

async function empty(client: Client, bucket: string): Promise<void> {
  const keys = await keysOf(client, bucket);
  if (keys.length > 0) await client.removeObjects(bucket, keys);
  for await (const { key } of client.listIncompleteUploads(bucket, '', true))
    await client.removeIncompleteUpload(bucket, key);
}

/** Every key below a prefix in the order it was listed; with `recursive` false also the common prefixes. */
export async function keysOf(client: Client, bucket: string, prefix = '', recursive = true): Promise<string[]> {
  const keys: string[] = [];
  for await (const item of client.listObjectsV2(bucket, prefix, recursive)) keys.push(item.name ?? item.prefix ?? '');
  return keys;
}

/** A whole stream. */
export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The code a store refused with, or 'accepted'. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
