import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { type Nothing, Problem, type RefreshToken, type TokenPair } from '#contracts';
import { AuthConfig } from '../auth.config.js';
import type { Signer } from '../signing-keys/signing-key.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { signAccessToken } from './access-token.js';
import { newRefreshToken, refreshTokenHash } from './refresh-token.js';
import { newSession, renewal, type Session } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: SessionsRepository,
    private readonly signingKeys: SigningKeysService,
    private readonly config: AuthConfig,
  ) {}

  /** Begins a session in the transaction that proved whose it is. */
  async start(tx: EntityManager, accountId: string): Promise<TokenPair> {
    const signer = await this.signingKeys.signer();
    const now = new Date();
    const token = newRefreshToken();
    const about = { id: uuidv7(), accountId, refreshTokenHash: refreshTokenHash(token) };
    const session = newSession(about, now, this.config.REFRESH_TOKEN_DAYS);
    await this.sessions.deleteExpired(tx, accountId, now);
    await this.sessions.insert(tx, session);
    return this.tokens(session, token, signer, now);
  }

  /** Exchanges a refresh token for a new pair. The signing key comes first: nothing can fail once the token is spent. */
  async refresh({ refresh_token }: RefreshToken): Promise<TokenPair> {
    const signer = await this.signingKeys.signer();
    const now = new Date();
    const token = newRefreshToken();
    const next = renewal(refreshTokenHash(token), now, this.config.REFRESH_TOKEN_DAYS);
    const session = await this.sessions.rotate(this.database.manager, refreshTokenHash(refresh_token), next);
    if (!session) throw new Problem('invalid_refresh_token');
    return this.tokens(session, token, signer, now);
  }

  /** Ends the session of a refresh token. A token of no session is as good as logged out already. */
  async close({ refresh_token }: RefreshToken): Promise<Nothing> {
    await this.sessions.deleteByToken(this.database.manager, refreshTokenHash(refresh_token));
    return {};
  }

  private tokens(
    { id, accountId }: Pick<Session, 'id' | 'accountId'>,
    refreshToken: string,
    signer: Signer,
    now: Date,
  ): TokenPair {
    const lifetime = this.config.ACCESS_TOKEN_SECONDS;
    return {
      access_token: signAccessToken({ sub: accountId, sid: id }, signer, now, lifetime),
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: lifetime,
    };
  }
}
