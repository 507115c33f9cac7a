import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { type FileUsage, Problem } from '#contracts';
import { holdAccount, refuseErased } from '#persistence';
import { FileEntity } from './file.entity.js';
import type { StoredFile } from './file.js';

/** Every query about files. Each names the owner: somebody else's file and a missing one are the same. */
@Injectable()
export class FilesRepository {
  constructor(private readonly database: DataSource) {}

  async find(id: string, ownerId: string): Promise<StoredFile> {
    const file = await this.database.manager.findOneBy(FileEntity, { id, ownerId });
    if (!file) throw new Problem('not_found', 'No such file');
    return file;
  }

  /** Those of the files that the owner has, in no order. */
  findSome(ids: string[], ownerId: string): Promise<StoredFile[]> {
    return this.database.manager.findBy(FileEntity, { id: In(ids), ownerId });
  }

  ofTask(taskId: string, ownerId: string): Promise<StoredFile[]> {
    return this.database.manager.findBy(FileEntity, { taskId, ownerId });
  }

  async usageOf(ownerId: string): Promise<FileUsage> {
    const [row] = await this.database.query<[{ files: string; bytes: string }]>(
      'SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM files WHERE owner_id = $1',
      [ownerId],
    );
    return { files: Number(row.files), bytes: Number(row.bytes) };
  }

  async insert(tx: EntityManager, file: StoredFile): Promise<void> {
    await refuseErased(tx, file.ownerId);
    await tx.insert(FileEntity, file);
  }

  /**
   * Turns a file that was uploaded back into an abandoned upload, which the sweeper clears away with its object: nobody sees it from
   * now on, whether or not the store answers.
   */
  async abandon(id: string, ownerId: string, ticketHash: string): Promise<void> {
    await this.database.query(
      `WITH gone AS (DELETE FROM files WHERE id = $1 AND owner_id = $2 AND kind = 'input' RETURNING id, owner_id, filename)
       INSERT INTO uploads (id, owner_id, filename, ticket_hash, claimed_at, created_at)
       SELECT id, owner_id, filename, $3, now(), '-infinity' FROM gone`,
      [id, ownerId, ticketHash],
    );
  }

  /** Inserts what a task made, all or nothing; what it made before, byte for byte, stays the file that it is. */
  async insertOfTask(ownerId: string, files: StoredFile[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await refuseErased(tx, ownerId);
      await tx
        .createQueryBuilder()
        .insert()
        .into(FileEntity)
        .values(files)
        .orIgnore() // ON CONFLICT DO NOTHING on files_task_content
        .execute();
    });
  }

  /** Refuses what is begun for an account that was erased; what is made in the end is refused by itself. */
  expectOwner(ownerId: string): Promise<void> {
    return refuseErased(this.database.manager, ownerId);
  }

  ownerStands(ownerId: string): Promise<boolean> {
    return holdAccount(this.database.manager, ownerId);
  }

  /** Up to `limit` files of an owner, to remove them. */
  someOf(ownerId: string, limit: number): Promise<Pick<StoredFile, 'id' | 'objectKey'>[]> {
    return this.database.manager.find(FileEntity, {
      where: { ownerId },
      select: { id: true, objectKey: true },
      take: limit,
    });
  }

  async remove(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.database.manager.delete(FileEntity, ids);
  }
}
