import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { refuseErased } from '#persistence';
import { FileEntity } from '../files/file.entity.js';
import type { StoredFile } from '../files/file.js';

/** Files that a task needs until it has ended, at the latest until then. */
export interface Hold {
  ownerId: string;
  taskId: string;
  fileIds: string[];
  until: Date;
}

/** True of a row of `files` that no unfinished task needs. Only for a row that the transaction has locked already is that final. */
export const notHeld =
  'NOT EXISTS (SELECT 1 FROM file_holds WHERE file_holds.file_id = files.id AND held_until > now())';

/** Every query about holds: a file is held and removed under the lock of its row, so that one of the two comes first. */
@Injectable()
export class HoldsRepository {
  constructor(private readonly database: DataSource) {}

  /** Holds all of the files, or none when one is missing. Resolves to those that are there. `condition` throws if not. */
  hold(hold: Hold, condition: (tx: EntityManager) => Promise<void>): Promise<StoredFile[]> {
    return this.database.transaction(async (tx) => {
      await refuseErased(tx, hold.ownerId);
      await condition(tx);
      const files = await tx.find(FileEntity, {
        where: { id: In(hold.fileIds), ownerId: hold.ownerId },
        order: { id: 'ASC' }, // the same for all who hold several
        lock: { mode: 'for_no_key_update' },
      });
      if (files.length === hold.fileIds.length) await this.insert(tx, hold);
      return files;
    });
  }

  /** The task needs nothing any more. Whoever looks after ended tasks takes what it alone kept there. */
  async release(tx: EntityManager, taskId: string, ownerId: string): Promise<void> {
    await tx.query(
      `WITH released AS (DELETE FROM file_holds WHERE task_id = $1 AND owner_id = $2 RETURNING file_id)
       UPDATE ended_tasks SET look_at = now() FROM released JOIN files ON files.id = released.file_id
       WHERE ended_tasks.task_id = files.task_id`,
      [taskId, ownerId],
    );
  }

  /** Forgets holds whose time is over: they hold nothing. */
  async forgetPast(): Promise<void> {
    await this.database.query('DELETE FROM file_holds WHERE held_until < now()');
  }

  private async insert(tx: EntityManager, { ownerId, taskId, fileIds, until }: Hold): Promise<void> {
    await tx.query(
      `INSERT INTO file_holds (file_id, task_id, owner_id, held_until) SELECT unnest($1::uuid[]), $2, $3, $4
       ON CONFLICT (file_id, task_id) DO UPDATE SET held_until = greatest(file_holds.held_until, excluded.held_until)`,
      [fileIds, taskId, ownerId, until],
    );
    await tx.query('UPDATE files SET used_at = now() WHERE id = ANY($1)', [fileIds]);
  }
}
