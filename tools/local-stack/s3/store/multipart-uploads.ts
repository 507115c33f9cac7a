import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { S3Error } from '../errors.js';
import type { Blobs, Received, Segment } from './blobs.js';
import { byKeyBytes } from './listing.js';
import { readRecord, type Records } from './records.js';
import type { StoredObject } from './stored-object.js';
import { Turns } from '../../../../libs/runtime/src/turns.js';

/** One received part. */
export interface Part {
  number: number;
  /** MD5 in hex: the entity tag of the part. */
  md5: string;
  /** ISO 8601. */
  modified: string;
  segment: Segment;
}

/** An object that is being sent in parts. */
export interface Upload {
  id: string;
  key: string;
  /** ISO 8601. */
  begun: string;
  /** The headers the object will have. */
  headers: Record<string, string>;
  parts: Map<number, Part>;
}

const minPartBytes = 5 * 2 ** 20;
const uploadName = 'upload.json';

/**
 * The unfinished uploads of one bucket, each a folder of records. A part is a blob from the start, so an upload becomes
 * an object without copying: the record of the object names the same blobs.
 */
export class MultipartUploads {
  readonly #uploads = new Map<string, Upload>();
  readonly #turns = new Turns();

  constructor(
    private readonly folder: string,
    private readonly records: Records,
    private readonly blobs: Blobs,
  ) {}

  /** Every upload by key, uploads of one key by id. */
  get sorted(): readonly Upload[] {
    return [...this.#uploads.values()].toSorted((a, b) => byKeyBytes(a, b) || (a.id < b.id ? -1 : 1));
  }

  /** Throws NoSuchUpload, also for the id of another key's upload. */
  get(id: string, key: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload');
    return upload;
  }

  async begin(key: string, headers: Record<string, string>): Promise<Upload> {
    const id = randomBytes(24).toString('hex');
    const begun = new Date().toISOString();
    await mkdir(path.join(this.folder, id), { mode: 0o700 });
    await this.records.write(path.join(this.folder, id, uploadName), { id, key, begun, headers });
    const upload = { id, key, begun, headers, parts: new Map() };
    this.#uploads.set(id, upload);
    return upload;
  }

  /** Keeps a received part; an earlier part of that number goes. When the upload is gone meanwhile, so is the part. */
  async addPart(id: string, key: string, number: number, { segment, md5 }: Received): Promise<Part> {
    const part = { number, md5, modified: new Date().toISOString(), segment };
    return this.#turns.take(id, async () => {
      try {
        const { parts } = this.get(id, key);
        const replaced = parts.get(number);
        await this.records.write(path.join(this.folder, id, `${number}.json`), part);
        parts.set(number, part);
        if (replaced) await this.blobs.remove([replaced.segment]);
        return part;
      } catch (error) {
        await this.blobs.remove([segment]);
        throw error;
      }
    });
  }

  /**
   * Turns the named parts into one object, handed to `publish`; when that throws, the upload stays as it is.
   * Throws NoSuchUpload, InvalidPart, InvalidPartOrder or EntityTooSmall.
   */
  async complete(
    id: string,
    key: string,
    wanted: readonly { number: number; etag: string }[],
    publish: (object: StoredObject) => Promise<void>,
  ): Promise<StoredObject> {
    return this.#turns.take(id, async () => {
      const upload = this.get(id, key);
      const parts = pick(upload, wanted);
      const object: StoredObject = {
        key,
        size: parts.reduce((sum, { segment }) => sum + segment.size, 0),
        etag: multipartEtag(parts),
        modified: new Date().toISOString(),
        headers: upload.headers,
        segments: parts.map(({ segment }) => segment),
      };
      await publish(object);
      for (const { number } of parts) upload.parts.delete(number);
      await this.#end(upload);
      return object;
    });
  }

  /** Forgets an upload and its parts. Throws NoSuchUpload. */
  async abort(id: string, key: string): Promise<void> {
    await this.#turns.take(id, () => this.#end(this.get(id, key)));
  }

  /** Forgets every upload that is over. */
  async sweep(isOver: (upload: Upload) => boolean): Promise<void> {
    for (const { id } of this.sorted) {
      await this.#turns.take(id, async () => {
        const upload = this.#uploads.get(id);
        if (upload && isOver(upload)) await this.#end(upload);
      });
    }
  }

  /**
   * Reads the uploads from the disk and returns the blobs they own. An upload with a part that is not free any more was
   * completed just before a crash: its folder goes.
   */
  async load(isFree: (blob: string) => boolean): Promise<string[]> {
    const owned: string[] = [];
    for (const id of await readdir(this.folder)) {
      const upload = await this.#read(id);
      const blobs = [...(upload?.parts.values() ?? [])].map(({ segment }) => segment.blob);
      if (upload && blobs.every(isFree)) {
        this.#uploads.set(id, upload);
        owned.push(...blobs);
      } else await rm(path.join(this.folder, id), { recursive: true, force: true });
    }
    return owned;
  }

  async #read(id: string): Promise<Upload | undefined> {
    const folder = path.join(this.folder, id);
    const upload = await readRecord<Omit<Upload, 'parts'>>(path.join(folder, uploadName));
    if (!upload) return undefined;
    const parts = new Map<number, Part>();
    for (const name of await readdir(folder)) {
      const part = name === uploadName ? undefined : await readRecord<Part>(path.join(folder, name));
      if (part) parts.set(part.number, part);
    }
    return { ...upload, parts };
  }

  async #end(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    await this.records.discard(path.join(this.folder, upload.id));
    await this.blobs.remove([...upload.parts.values()].map(({ segment }) => segment));
  }
}

function pick(upload: Upload, wanted: readonly { number: number; etag: string }[]): Part[] {
  return wanted.map(({ number, etag }, index) => {
    if (number <= (wanted[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder');
    const part = upload.parts.get(number);
    if (!part || part.md5 !== etag) throw new S3Error('InvalidPart');
    if (index < wanted.length - 1 && part.segment.size < minPartBytes) throw new S3Error('EntityTooSmall');
    return part;
  });
}

/** The MD5 over the MD5s of the parts and their number: what S3 clients expect of an object made of parts. */
function multipartEtag(parts: readonly Part[]): string {
  const digest = createHash('md5').update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))));
  return `${digest.digest('hex')}-${parts.length}`;
}
