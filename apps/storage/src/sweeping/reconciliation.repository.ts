import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyedSince } from './comparison.js';

/** Every query that looks at files as what stands for objects. */
@Injectable()
export class ReconciliationRepository {
  constructor(private readonly database: DataSource) {}

  /** Up to `limit` keys of files below a prefix that ends with a slash, after `after`, in the order of their bytes. */
  keysBelow(prefix: string, after: string, limit: number): Promise<KeyedSince[]> {
    return this.database.query(
      `SELECT object_key COLLATE "C" AS key, max(created_at) AS since FROM files
       WHERE object_key COLLATE "C" > $1 AND object_key COLLATE "C" < $2
       GROUP BY 1 ORDER BY 1 LIMIT $3`,
      [after || prefix, behind(prefix), limit],
    );
  }

  async hasFiles(): Promise<boolean> {
    return (await this.database.query<unknown[]>('SELECT 1 FROM files LIMIT 1')).length > 0;
  }

  async standsFor(key: string): Promise<boolean> {
    return (
      (await this.database.query<unknown[]>('SELECT 1 FROM files WHERE object_key = $1 LIMIT 1', [key])).length > 0
    );
  }

  /** Removes files of these objects that are older than `limit`. Resolves to their ids. */
  async removeLost(keys: string[], limit: Date): Promise<string[]> {
    const [rows] = await this.database.query<[{ id: string }[], number]>(
      'DELETE FROM files WHERE object_key = ANY($1) AND created_at < $2 RETURNING id',
      [keys, limit],
    );
    return rows.map(({ id }) => id);
  }
}

/** The first key after everything below a prefix: a zero comes right after a slash. */
const behind = (prefix: string): string => `${prefix.slice(0, -1)}0`;
