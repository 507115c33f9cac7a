import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '#contracts';
import { refuseErased } from '#persistence';
import { type Upload, UploadEntity } from './upload.entity.js';

/** An upload whose ticket is spent. */
export type ClaimedUpload = Pick<Upload, 'id' | 'ownerId' | 'filename'>;

/** Every query about uploads that are not files yet. Time is the database's. */
@Injectable()
export class UploadsRepository {
  constructor(private readonly database: DataSource) {}

  async insert(upload: Pick<Upload, 'id' | 'ownerId' | 'filename' | 'ticketHash'>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await refuseErased(tx, upload.ownerId);
      await tx.insert(UploadEntity, upload);
    });
  }

  /** Spends a ticket: it is valid for ten minutes and for one use, however many ask at once. */
  async claim(ticketHash: string): Promise<ClaimedUpload> {
    const [rows] = await this.database.query<[ClaimedUpload[], number]>(
      `UPDATE uploads SET claimed_at = now()
       WHERE ticket_hash = $1 AND claimed_at IS NULL AND created_at > now() - interval '10 minutes'
       RETURNING id, owner_id AS "ownerId", filename`,
      [ticketHash],
    );
    if (!rows[0]) throw new Problem('not_found', 'No such upload: the ticket was used, has expired or never was');
    return rows[0];
  }

  /** Ends an upload together with what it becomes. One that was swept away meanwhile becomes nothing. */
  async finish(id: string, become: (tx: EntityManager) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.delete(UploadEntity, { id });
      if (affected !== 1) throw new Problem('not_found', 'The upload took too long');
      await become(tx);
    });
  }

  isOpen(id: string): Promise<boolean> {
    return this.database.manager.existsBy(UploadEntity, { id });
  }

  async discard(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.database.manager.delete(UploadEntity, ids);
  }

  /** Takes back the tickets of an owner that nobody has used. */
  async discardUnused(ownerId: string): Promise<void> {
    await this.database.query('DELETE FROM uploads WHERE owner_id = $1 AND claimed_at IS NULL', [ownerId]);
  }

  hasAny(ownerId: string): Promise<boolean> {
    return this.database.manager.existsBy(UploadEntity, { ownerId });
  }

  /** Uploads that can no longer become files: tickets live ten minutes and a transfer at most four. */
  abandoned(limit: number): Promise<Pick<Upload, 'id' | 'ownerId'>[]> {
    return this.database.query(
      `SELECT id, owner_id AS "ownerId" FROM uploads WHERE created_at < now() - interval '15 minutes'
       ORDER BY created_at LIMIT $1`,
      [limit],
    );
  }
}
