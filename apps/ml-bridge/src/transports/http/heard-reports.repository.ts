import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Which reports have been taken in (the inbox). */
@Injectable()
export class HeardReportsRepository {
  constructor(private readonly database: DataSource) {}

  async has(eventId: string): Promise<boolean> {
    const rows = await this.database.query<unknown[]>('SELECT 1 FROM inbox WHERE message_id = $1', [eventId]);
    return rows.length > 0;
  }
}
