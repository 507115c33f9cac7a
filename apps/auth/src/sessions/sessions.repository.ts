import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan, MoreThan } from 'typeorm';
import type { SessionEndReason } from '#contracts';
import { SessionEntity } from './session.entity.js';
import type { Session } from './session.js';

@Injectable()
export class SessionsRepository {
  constructor(private readonly database: DataSource) {}

  async insert(tx: EntityManager, session: Session): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** The session, locked until the transaction ends: two uses of its refresh token wait for each other. */
  lock(tx: EntityManager, id: string): Promise<Session | null> {
    return tx.findOne(SessionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(tx: EntityManager, session: Session): Promise<void> {
    await tx.update(SessionEntity, { id: session.id }, session);
  }

  /** The account's live sessions, newest first. */
  live(accountId: string, now: Date, limit: number, before?: string): Promise<Session[]> {
    return this.database.manager.find(SessionEntity, {
      where: {
        accountId,
        endedAt: IsNull(),
        expiresAt: MoreThan(now),
        ...(before === undefined ? {} : { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Ends the account's live sessions: one of them, or all but one. Returns which it were. */
  async end(
    tx: EntityManager,
    accountId: string,
    which: { only: string } | { except: string },
    reason: SessionEndReason,
  ): Promise<string[]> {
    const [operator, id] = 'only' in which ? ['=', which.only] : ['<>', which.except];
    const [rows] = await tx.query<[{ id: string }[], number]>(
      `UPDATE sessions SET ended_at = clock_timestamp(), end_reason = $3
       WHERE account_id = $1 AND id ${operator} $2 AND ended_at IS NULL AND expires_at > clock_timestamp()
       RETURNING id`,
      [accountId, id, reason],
    );
    return rows.map((row) => row.id);
  }

  /** Ends what the account has beyond its `most` sessions, the longest unused first. Returns which it were. */
  async endBeyond(tx: EntityManager, accountId: string, most: number, reason: SessionEndReason): Promise<string[]> {
    const [rows] = await tx.query<[{ id: string }[], number]>(
      `UPDATE sessions SET ended_at = clock_timestamp(), end_reason = $3 WHERE id IN (
         SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()
         ORDER BY last_used_at DESC, id DESC OFFSET $2)
       RETURNING id`,
      [accountId, most, reason],
    );
    return rows.map((row) => row.id);
  }

  /** Sessions that ended in the last so many seconds, of whichever account. */
  async endedWithin(seconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }[]>(
      'SELECT id FROM sessions WHERE ended_at > clock_timestamp() - make_interval(secs => $1)',
      [seconds],
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets sessions that ran out or were ended so many days ago. Returns how many. */
  async forget(days: number): Promise<number> {
    const [, forgotten] = await this.database.query<[unknown, number]>(
      `DELETE FROM sessions WHERE expires_at < clock_timestamp() - make_interval(days => $1)
       OR ended_at < clock_timestamp() - make_interval(days => $1)`,
      [days],
    );
    return forgotten;
  }
}
