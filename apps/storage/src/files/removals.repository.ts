import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '#contracts';
import { notHeld } from '../holds/holds.repository.js';

/**
 * Every query that ends a file. Nobody sees it from then on, whether or not the store answers: a row of another table leads to its
 * object until the sweeper has removed that. What an unfinished task holds stays.
 */
@Injectable()
export class RemovalsRepository {
  constructor(private readonly database: DataSource) {}

  /** By its owner's wish; `not_found`, or `file_in_use`. */
  async remove(id: string, ownerId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lock(tx, [id]);
      const [file] = await tx.query<{ free: boolean }[]>(
        `SELECT ${notHeld} AS free FROM files WHERE id = $1 AND owner_id = $2`,
        [id, ownerId],
      );
      if (!file) throw new Problem('not_found', 'No such file');
      if (!file.free) throw new Problem('file_in_use', 'A task that has not ended needs the file');
      await tx.query(
        `WITH gone AS (DELETE FROM files WHERE id = $1 RETURNING object_key, owner_id)
         INSERT INTO removed_objects (object_key, owner_id) SELECT object_key, owner_id FROM gone
         ON CONFLICT (object_key) DO UPDATE SET removed_at = now()`,
        [id],
      );
    });
  }

  /** Those of the files that nobody holds. Their objects are for the caller to remove. Resolves to how many. */
  async removeFree(ids: string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.database.transaction(async (tx) => {
      await lock(tx, ids);
      const [rows] = await tx.query<[unknown[], number]>(
        `DELETE FROM files WHERE id = ANY($1) AND ${notHeld} RETURNING id`,
        [ids],
      );
      return rows.length;
    });
  }

  /** Takes one upload of a file back. The last one, if the same bytes were uploaded several times, turns it into an abandoned upload. */
  async abandon(id: string, ownerId: string, ticketHash: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lock(tx, [id]);
      const [, others] = await tx.query<[unknown[], number]>(
        `UPDATE files SET uploads = uploads - 1 WHERE id = $1 AND owner_id = $2 AND kind = 'input' AND uploads > 1`,
        [id, ownerId],
      );
      if (others > 0) return;
      await tx.query(
        `WITH gone AS (DELETE FROM files WHERE id = $1 AND owner_id = $2 AND kind = 'input' AND ${notHeld}
                       RETURNING id, owner_id, filename)
         INSERT INTO uploads (id, owner_id, filename, ticket_hash, claimed_at, created_at)
         SELECT id, owner_id, filename, $3, now(), '-infinity' FROM gone`,
        [id, ownerId, ticketHash],
      );
    });
  }

  /**
   * Turns up to `limit` uploads that nobody used for so many days into abandoned ones. Resolves to how many. To hold a file is to use
   * it, so one that is held meanwhile is not among them.
   */
  async abandonUnused(days: number, limit: number): Promise<number> {
    const rows = await this.database.query<unknown[]>(
      `WITH unused AS (
         SELECT id FROM files WHERE kind = 'input' AND used_at < now() - make_interval(days => $1) AND ${notHeld}
         ORDER BY used_at LIMIT $2 FOR UPDATE SKIP LOCKED),
       gone AS (DELETE FROM files USING unused WHERE files.id = unused.id RETURNING files.id, owner_id, filename)
       INSERT INTO uploads (id, owner_id, filename, ticket_hash, claimed_at, created_at)
       SELECT id, owner_id, filename, 'unused ' || id, now(), '-infinity' FROM gone RETURNING id`,
      [days, limit],
    );
    return rows.length;
  }

  /** Up to `limit` objects of removed files, and whether another file has become the same object. */
  removedObjects(limit: number): Promise<{ key: string; needed: boolean }[]> {
    return this.database.query(
      `SELECT object_key AS key, EXISTS (SELECT 1 FROM files WHERE files.object_key = removed_objects.object_key) AS needed
       FROM removed_objects ORDER BY removed_at LIMIT $1`,
      [limit],
    );
  }

  /** The store does not have them any more, or is to keep them. */
  async forget(keys: string[]): Promise<void> {
    await this.database.query('DELETE FROM removed_objects WHERE object_key = ANY($1)', [keys]);
  }

  /** The account was erased: all that is in the store for it is looked for anyway. */
  async forgetOwner(ownerId: string): Promise<void> {
    await this.database.query('DELETE FROM removed_objects WHERE owner_id = $1', [ownerId]);
  }
}

/** A statement of its own: the next one sees the holds that were made while the lock was waited for. */
async function lock(tx: EntityManager, ids: string[]): Promise<void> {
  await tx.query('SELECT 1 FROM files WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
}
