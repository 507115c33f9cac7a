import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan } from 'typeorm';
import { type FileKind, type FileUsage, Problem } from '#contracts';
import { holdAccount, refuseErased } from '#persistence';
import { FileEntity } from './file.entity.js';
import type { StoredFile } from './file.js';

/** Which of an owner's files are wanted. */
export interface FileFilter {
  kind: FileKind | undefined;
  before: string | undefined;
  limit: number;
}

/** Every question about files, and what makes them. Each names the owner: somebody else's file and a missing one are the same. */
@Injectable()
export class FilesRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * Notes that pictures are of use, at most once an hour for each. Said before they are looked at: what is found then is not swept
   * away as unused for as long as that takes.
   */
  async touch(ids: string[], ownerId: string): Promise<void> {
    await this.database.query(
      `UPDATE files SET used_at = now()
       WHERE id = ANY($1) AND owner_id = $2 AND kind = 'input' AND used_at < now() - interval '1 hour'`,
      [ids, ownerId],
    );
  }

  async find(id: string, ownerId: string): Promise<StoredFile> {
    const file = await this.database.manager.findOneBy(FileEntity, { id, ownerId });
    if (!file) throw new Problem('not_found', 'No such file');
    return file;
  }

  /** Those of the files that the owner has, in no order. */
  findSome(ids: string[], ownerId: string): Promise<StoredFile[]> {
    return this.database.manager.findBy(FileEntity, { id: In(ids), ownerId });
  }

  /** Newest first, those whose id comes before `before`. */
  list(ownerId: string, { kind, before, limit }: FileFilter): Promise<StoredFile[]> {
    return this.database.manager.find(FileEntity, {
      where: { ownerId, ...(kind ? { kind } : {}), ...(before ? { id: LessThan(before) } : {}) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  ofTask(taskId: string, ownerId: string): Promise<StoredFile[]> {
    return this.database.manager.findBy(FileEntity, { taskId, ownerId });
  }

  async usageOf(
    ownerId: string,
    manager: EntityManager = this.database.manager,
  ): Promise<Pick<FileUsage, 'files' | 'bytes'>> {
    const [row] = await manager.query<[{ files: string; bytes: string }]>(
      'SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM files WHERE owner_id = $1',
      [ownerId],
    );
    return { files: Number(row.files), bytes: Number(row.bytes) };
  }

  /** Inserts what a task made, all or nothing; what it made before, byte for byte, stays the file that it is. `condition` throws if not. */
  async insertOfTask(
    ownerId: string,
    files: StoredFile[],
    condition: (tx: EntityManager) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await refuseErased(tx, ownerId);
      await condition(tx);
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
