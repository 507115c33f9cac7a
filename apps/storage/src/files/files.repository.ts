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

  /** Turns up to `limit` pictures that nobody used for so many days into abandoned uploads. Resolves to how many. */
  async abandonUnused(days: number, limit: number): Promise<number> {
    const rows = await this.database.query<unknown[]>(
      `WITH unused AS (
         SELECT id FROM files WHERE kind = 'input' AND used_at < now() - make_interval(days => $1)
         ORDER BY used_at LIMIT $2 FOR UPDATE SKIP LOCKED),
       gone AS (DELETE FROM files USING unused WHERE files.id = unused.id RETURNING files.id, owner_id, filename)
       INSERT INTO uploads (id, owner_id, filename, ticket_hash, claimed_at, created_at)
       SELECT id, owner_id, filename, 'unused ' || id, now(), '-infinity' FROM gone RETURNING id`,
      [days, limit],
    );
    return rows.length;
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
