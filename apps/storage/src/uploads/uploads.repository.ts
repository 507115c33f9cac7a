import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '#contracts';
import { refuseErased } from '#persistence';
import type { StoredFile } from '../files/file.js';
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

  /**
   * Makes a file of an upload, which ends with it. One that turns out to be another file stays until what it left in the store is
   * removed; one that was swept away meanwhile becomes nothing.
   */
  async finish(id: string, become: (tx: EntityManager) => Promise<StoredFile>): Promise<StoredFile> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<unknown[]>('SELECT 1 FROM uploads WHERE id = $1 FOR UPDATE', [id]);
      if (rows.length === 0) throw new Problem('not_found', 'The upload took too long');
      const file = await become(tx);
      if (file.id === id) await tx.delete(UploadEntity, { id });
      return file;
    });
  }

  /** Ends an upload in a file that there is already, if there is. */
  async end(id: string, find: (tx: EntityManager) => Promise<StoredFile | undefined>): Promise<StoredFile | undefined> {
    return this.database.transaction(async (tx) => {
      const file = await find(tx);
      if (file) await tx.delete(UploadEntity, { id });
      return file;
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
