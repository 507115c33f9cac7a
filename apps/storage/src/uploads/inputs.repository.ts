import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refuseErased } from '#persistence';
import { FileEntity } from '../files/file.entity.js';
import type { StoredFile } from '../files/file.js';
import { FilesRepository } from '../files/files.repository.js';
import { StorageConfig } from '../storage.config.js';
import { expectRoom } from './quota.js';

/** Whose bytes, and the SHA-256 of them as they were sent. */
export interface SentBytes {
  ownerId: string;
  sentSha256: string;
}

/** Every query about files that are made of uploads. */
@Injectable()
export class InputsRepository {
  constructor(
    private readonly files: FilesRepository,
    private readonly config: StorageConfig,
  ) {}

  /** Refuses an account that has no room for the smallest file. */
  async expectRoom(ownerId: string): Promise<void> {
    expectRoom(this.limited(await this.files.usageOf(ownerId)), 1);
  }

  /** The file that the same bytes have become before, which was uploaded once more; undefined when there is none. */
  async again(tx: EntityManager, { ownerId, sentSha256 }: SentBytes): Promise<StoredFile | undefined> {
    await refuseErased(tx, ownerId);
    const [rows] = await tx.query<[{ id: string }[], number]>(
      'UPDATE files SET uploads = uploads + 1, used_at = now() WHERE owner_id = $1 AND sent_sha256 = $2 RETURNING id',
      [ownerId, sentSha256],
    );
    return rows[0] && tx.findOneByOrFail(FileEntity, { id: rows[0].id });
  }

  /**
   * Makes the file, unless the account has no room for it; or the file that somebody else has just made of the same bytes. One upload of
   * an account after the other: what is counted here is true until the transaction ends, but for what tasks make meanwhile.
   */
  async add(tx: EntityManager, file: StoredFile, sentSha256: string): Promise<StoredFile> {
    const { ownerId } = file;
    await refuseErased(tx, ownerId);
    await tx.query(`SELECT pg_advisory_xact_lock(${lockOf})`, [ownerId]);
    const same = await this.again(tx, { ownerId, sentSha256 });
    if (same) return same;
    expectRoom(this.limited(await this.files.usageOf(ownerId, tx)), file.sizeBytes);
    await tx.insert(FileEntity, { ...file, sentSha256 });
    return file;
  }

  private limited(usage: { files: number; bytes: number }) {
    return { ...usage, max_files: this.config.MAX_FILES_PER_ACCOUNT, max_bytes: this.config.MAX_BYTES_PER_ACCOUNT };
  }
}

/** Every service has locks of its own, and this is another one than that of an account's erasure. */
const lockOf = `hashtextextended(current_schema()::text || ' uploads of ' || $1::uuid::text, 0)`;
