import { randomUUID } from 'node:crypto';
import { type FileView, openUpload, Problem } from '#contracts';
import { keysBelow, type StorageServers } from './storage-service.js';

export interface UploadOutcome {
  status: number;
  owner: string;
  file: FileView;
  problem: Problem;
}

interface UploadAbout {
  owner?: string;
  filename?: string;
  contentType?: string;
}

/** Uploads as the gateway does: asks for a ticket, then PUTs the bytes. */
export async function upload(
  storage: StorageServers,
  bytes: Buffer | ReadableStream,
  { owner = randomUUID(), filename = 'mug.png', contentType = 'application/octet-stream' }: UploadAbout = {},
): Promise<UploadOutcome> {
  const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename });
  return { owner, ...(await put(upload_url, bytes, contentType)) };
}

export async function put(
  url: string,
  bytes: Buffer | ReadableStream,
  contentType = 'application/octet-stream',
): Promise<Omit<UploadOutcome, 'owner'>> {
  const init = { method: 'PUT', body: bytes, headers: { 'content-type': contentType }, duplex: 'half' };
  const answer = await fetch(url, init as unknown as RequestInit);
  const body = (await answer.json()) as FileView;
  return { status: answer.status, file: body, problem: Problem.fromJSON(body) };
}

/** What is left of an owner's uploads: rows of unfinished ones, files, objects. */
export async function leftoversOf(storage: StorageServers, owner: string): Promise<object> {
  const rows = (table: string) => storage.query(`SELECT id FROM ${table} WHERE owner_id = $1`, [owner]);
  return {
    uploads: (await rows('uploads')).length,
    files: (await rows('files')).length,
    objects: (await keysBelow(storage, `inputs/${owner}/`)).length,
  };
}
