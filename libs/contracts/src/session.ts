import { AccountId, AccountView, Client, Nothing, RegisterAccount } from './account.js';
import { event, rpc } from './contract.js';
import { Email, Flag, Id, Ids, ListOf, Nested, OneOf, Secret, Text, Time, Whole } from './fields.js';
import { Cursor, PageOf } from './page.js';

/** The body of POST /auth/login. */
export class Credentials {
  @Email() email: string;
  @Secret({ min: 1, max: 128 }) password: string;
}

export class LogIn extends Credentials {
  @Nested(() => Client) client: Client;
}

/** The body of POST /auth/refresh and POST /auth/logout. */
export class RefreshToken {
  @Secret({ min: 1, max: 512 }) refresh_token: string;
}

export class RefreshSession extends RefreshToken {
  @Nested(() => Client) client: Client;
}

/** A pair of tokens (RFC 6749 §5.1): a short-lived JWT and an opaque, single-use refresh token. */
export class TokenPair {
  @Secret({ min: 1, max: 4096 }) access_token: string;
  @Secret({ min: 1, max: 512 }) refresh_token: string;
  @OneOf(['Bearer']) token_type: 'Bearer';
  @Whole({ min: 1, description: 'Seconds until the access token expires' }) expires_in: number;
}

/** A token pair as auth gives it to the gateway, which may put the refresh token into a cookie. */
export class OpenedSession extends TokenPair {
  @Time({ description: 'When the refresh token expires if it is not used' }) refresh_expires_at: string;
}

export class RegisteredAccount extends OpenedSession {
  @Nested(() => AccountView) user: AccountView;
}

/** One log-in on one device. */
export class SessionView {
  @Id() id: string;
  @Text({ max: 100, nullable: true, example: 'Firefox on Linux' }) device: string | null;
  @Text({ max: 64, nullable: true, description: 'Where it was used last', example: '203.0.113.7' }) address:
    | string
    | null;
  @Time() created_at: string;
  @Time() last_used_at: string;
  @Time({ description: 'When it ends if it is not used' }) expires_at: string;
  @Flag({ description: 'The one that asks' }) current: boolean;
}

export class ListSessions extends PageOf {
  @Id() account_id: string;
  @Id() session_id: string;
}

export class SessionPage {
  @ListOf(() => SessionView) items: SessionView[];
  @Cursor({ nullable: true }) next_cursor: string | null;
}

export class SessionOfAccount extends AccountId {
  @Id() session_id: string;
}

export const sessionEndReasons = ['logged_out', 'ended', 'password_changed', 'refresh_token_reused'] as const;
export type SessionEndReason = (typeof sessionEndReasons)[number];

/** Sessions that ended before their time: their access tokens are not to be taken any more. */
export class SessionsEnded extends AccountId {
  @Ids() session_ids: string[];
  @OneOf(sessionEndReasons) reason: SessionEndReason;
}

/** Everything that was taken back and could still be shown to a gateway: what it asks for when it (re)connects. */
export class Revocations {
  @Ids() session_ids: string[];
  @Ids({ description: 'Erased accounts' }) account_ids: string[];
  @Whole({ min: 1, description: 'For how long a revocation has to be remembered' }) remember_seconds: number;
}

export const registerAccount = rpc('auth', 'account.register', RegisterAccount, RegisteredAccount);
export const openSession = rpc('auth', 'session.open', LogIn, OpenedSession);
export const refreshSession = rpc('auth', 'session.refresh', RefreshSession, OpenedSession);
export const closeSession = rpc('auth', 'session.close', RefreshToken, Nothing);
export const listSessions = rpc('auth', 'session.list', ListSessions, SessionPage);
export const endSession = rpc('auth', 'session.end', SessionOfAccount, Nothing);
export const listRevocations = rpc('auth', 'revocation.list', Nothing, Revocations);

export const sessionsEnded = event('session.ended', SessionsEnded);
