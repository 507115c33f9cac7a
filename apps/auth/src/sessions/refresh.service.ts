import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type OpenedSession, Problem, type RefreshSession } from '#contracts';
import { databaseTime } from '#persistence';
import { AuthConfig, secretsOf } from '../auth.config.js';
import { AccessTokensService } from './access-tokens.service.js';
import {
  readRefreshToken,
  refreshTokenHash,
  type RefreshTokenKeys,
  refreshTokenKeys,
  type RefreshToken,
  successorOf,
  successorWith,
} from './refresh-token.js';
import { rotated, type Session, useOf } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

interface Exchange {
  session: Session;
  next: RefreshToken;
  now: Date;
}

/** Exchanges refresh tokens, each once (RFC 6749 §6, RFC 9700 §4.14.2). */
@Injectable()
export class RefreshService {
  private readonly logger = new Logger(RefreshService.name);
  private readonly keys: RefreshTokenKeys;

  constructor(
    private readonly database: DataSource,
    private readonly rows: SessionsRepository,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokensService,
    private readonly config: AuthConfig,
  ) {
    this.keys = refreshTokenKeys(secretsOf(config));
  }

  /** The next pair. A repetition within seconds gets the same refresh token; a spent one that comes later ends the session. */
  async refresh({ refresh_token, client }: RefreshSession): Promise<OpenedSession> {
    const token = readRefreshToken(refresh_token, this.keys);
    if (!token) throw new Problem('invalid_refresh_token');
    const issue = await this.accessTokens.issuer();
    const exchange = await this.database.transaction((tx) => this.exchange(tx, token, client));
    if (!exchange) throw new Problem('invalid_refresh_token');
    const { session, next, now } = exchange;
    return { ...issue(session, now), refresh_token: next.text, refresh_expires_at: session.expiresAt.toISOString() };
  }

  /** Whoever comes second with one token waits here for the first. Null when there is nothing to give. */
  private async exchange(
    tx: EntityManager,
    token: RefreshToken,
    client: RefreshSession['client'],
  ): Promise<Exchange | null> {
    const session = await this.rows.lock(tx, token.sessionId);
    if (!session) return null;
    const now = await databaseTime(tx);
    const next = successorOf(token, this.keys);
    switch (useOf(session, token, refreshTokenHash(token.text), now)) {
      case 'rotate': {
        const after = rotated(session, refreshTokenHash(next.text), client, now, this.config);
        await this.rows.update(tx, after);
        return { session: after, next, now };
      }
      case 'repeat': {
        const given = successorWith(session.refreshTokenHash, token, this.keys);
        return given && { session, next: given, now };
      }
      case 'reuse':
        await this.endReused(tx, session, token);
        return null;
      case 'refuse':
        return null;
    }
  }

  private async endReused(
    tx: EntityManager,
    { id, accountId, generation }: Session,
    spent: RefreshToken,
  ): Promise<void> {
    this.logger.warn({
      msg: 'a spent refresh token was used again: its session ends',
      account_id: accountId,
      session_id: id,
      generation,
      spent_generation: spent.generation,
    });
    await this.sessions.endIn(tx, accountId, { only: id }, 'refresh_token_reused');
  }
}
