import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import {
  type Client,
  type ListSessions,
  type Nothing,
  type OpenedSession,
  Problem,
  type RefreshToken,
  type SessionEndReason,
  type SessionOfAccount,
  type SessionPage,
  sessionsEnded,
} from '#contracts';
import { announce, databaseTime, idFrom, pageOf } from '#persistence';
import type { Account } from '../accounts/account.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { AuthConfig, secretsOf } from '../auth.config.js';
import { AccessTokensService } from './access-tokens.service.js';
import {
  firstRefreshToken,
  readRefreshToken,
  refreshTokenHash,
  type RefreshTokenKeys,
  refreshTokenKeys,
} from './refresh-token.js';
import { newSession, sessionView } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

/** So many log-ins one account may have; one more ends the one that lay unused longest. */
const mostSessions = 100;

@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);
  private readonly keys: RefreshTokenKeys;

  constructor(
    private readonly database: DataSource,
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsRepository,
    private readonly accessTokens: AccessTokensService,
    private readonly config: AuthConfig,
  ) {
    this.keys = refreshTokenKeys(secretsOf(config));
  }

  /**
   * Begins a session in the transaction that proved whose it is. Refuses with `invalid_credentials` when the account is gone, or its
   * password another one, since it was proved.
   */
  async start(tx: EntityManager, account: Account, client: Client): Promise<OpenedSession> {
    const issue = await this.accessTokens.issuer();
    if (!(await this.accounts.holdUnchanged(tx, account))) throw new Problem('invalid_credentials');
    const now = await databaseTime(tx);
    const id = uuidv7();
    const token = firstRefreshToken(id, this.keys);
    const about = { id, accountId: account.id, refreshTokenHash: refreshTokenHash(token.text) };
    const session = newSession(about, client, now, this.config);
    await this.sessions.insert(tx, session);
    this.logger.log({ msg: 'a session began', account_id: account.id, session_id: id, address: client.address });
    await this.announceEnd(
      tx,
      account.id,
      await this.sessions.endBeyond(tx, account.id, mostSessions, 'ended'),
      'ended',
    );
    return { ...issue(session, now), refresh_token: token.text, refresh_expires_at: session.expiresAt.toISOString() };
  }

  /** Ends the session of a refresh token, spent or not. A token of no session is as good as logged out already. */
  async close({ refresh_token }: RefreshToken): Promise<Nothing> {
    const token = readRefreshToken(refresh_token, this.keys);
    if (!token) return {};
    await this.database.transaction(async (tx) => {
      const session = await this.sessions.lock(tx, token.sessionId);
      if (session) await this.endIn(tx, session.accountId, { only: session.id }, 'logged_out');
    });
    return {};
  }

  /** Ends one live session of the account, or says that there is none. */
  async end({ account_id, session_id }: SessionOfAccount): Promise<Nothing> {
    await this.database.transaction(async (tx) => {
      const ended = await this.endIn(tx, account_id, { only: session_id }, 'ended');
      if (ended === 0) throw new Problem('not_found', 'No such session');
    });
    return {};
  }

  /** Ends sessions together with whatever else the transaction does, and tells everybody who takes access tokens. Returns how many. */
  async endIn(
    tx: EntityManager,
    accountId: string,
    which: { only: string } | { except: string },
    reason: SessionEndReason,
  ): Promise<number> {
    const ended = await this.sessions.end(tx, accountId, which, reason);
    await this.announceEnd(tx, accountId, ended, reason);
    return ended.length;
  }

  async list({ account_id, session_id, limit, cursor }: ListSessions): Promise<SessionPage> {
    const now = await databaseTime(this.database.manager);
    const found = await this.sessions.live(account_id, now, limit + 1, idFrom(cursor));
    const { items, next_cursor } = pageOf(found, limit, ({ id }) => id);
    return { items: items.map((session) => sessionView(session, session_id)), next_cursor };
  }

  private async announceEnd(
    tx: EntityManager,
    account_id: string,
    session_ids: string[],
    reason: SessionEndReason,
  ): Promise<void> {
    if (session_ids.length === 0) return;
    this.logger.log({ msg: 'sessions ended', account_id, session_ids, reason });
    await announce(tx, sessionsEnded, { account_id, session_ids, reason });
  }
}
