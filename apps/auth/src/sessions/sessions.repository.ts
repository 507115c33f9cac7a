import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { SessionEntity } from './session.entity.js';
import type { renewal, Session } from './session.js';

@Injectable()
export class SessionsRepository {
  async insert(tx: EntityManager, session: Session): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** Forgets the account's sessions that nobody can use any more. */
  async deleteExpired(tx: EntityManager, accountId: string, now: Date): Promise<void> {
    await tx.delete(SessionEntity, { accountId, expiresAt: LessThanOrEqual(now) });
  }

  /**
   * Spends a refresh token and puts the next one in its place, in one statement: of any number of calls with one token,
   * on any number of replicas, one gets the session. The others, like those with an unknown or expired token, get null.
   */
  async rotate(
    tx: EntityManager,
    spent: Buffer,
    { refreshTokenHash, lastUsedAt, expiresAt }: ReturnType<typeof renewal>,
  ): Promise<Pick<Session, 'id' | 'accountId'> | null> {
    const [rows] = await tx.query<[Pick<Session, 'id' | 'accountId'>[], number]>(
      `UPDATE sessions SET refresh_token_hash = $2, last_used_at = $3, expires_at = $4
       WHERE refresh_token_hash = $1 AND expires_at > $3
       RETURNING id, account_id AS "accountId"`,
      [spent, refreshTokenHash, lastUsedAt, expiresAt],
    );
    return rows[0] ?? null;
  }

  async deleteByToken(tx: EntityManager, refreshTokenHash: Buffer): Promise<void> {
    await tx.delete(SessionEntity, { refreshTokenHash });
  }
}
