import { Nothing, type OpenedSession, Problem, RefreshToken } from '#contracts';
import { validated } from '#messaging';
import { clearedRefreshCookie, refreshCookie, refreshTokenIn } from './refresh-cookie.js';
import type { SessionMode } from './session-mode.js';

interface Answer {
  header(name: string, value: string): unknown;
}

/** An opened session as its client gets it: without what only the cookie needs. */
export type HandedOver<T extends OpenedSession> = Omit<T, 'refresh_token' | 'refresh_expires_at'> & {
  refresh_token?: string;
};

/** Carries the refresh token of one request and its answer: in the bodies, or in a cookie. */
export class TokenCarrier {
  constructor(
    private readonly mode: SessionMode,
    private readonly cookies: string | undefined,
    private readonly answer: Answer,
  ) {}

  /** The token that came with the request; in a cookie, the body has to be empty. */
  tokenIn(body: unknown): string {
    if (this.mode === 'body') return validated(RefreshToken, body).refresh_token;
    validated(Nothing, body ?? {});
    const token = refreshTokenIn(this.cookies);
    if (token === null) throw new Problem('invalid_refresh_token');
    return token;
  }

  /** The same for somebody who wants to be rid of it: null when there is none to be found, whatever else was sent. */
  tokenAnywhereIn(body: unknown): string | null {
    try {
      const { refresh_token } = (body ?? {}) as Partial<RefreshToken>;
      return this.tokenIn(this.mode === 'body' ? { refresh_token } : {});
    } catch {
      return null;
    }
  }

  /** What goes into the body of the answer; the cookie is set when there is to be one. */
  handOver<T extends OpenedSession>(session: T): HandedOver<T> {
    const { refresh_token, refresh_expires_at, ...body } = session;
    if (this.mode === 'body') return { ...body, refresh_token };
    this.answer.header('set-cookie', refreshCookie(refresh_token, refresh_expires_at, new Date()));
    return body;
  }

  /** Takes the cookie away. */
  drop(): void {
    if (this.mode === 'cookie') this.answer.header('set-cookie', clearedRefreshCookie);
  }

  /** A token that was refused is of no more use; after any other failure it may be. */
  dropIfRefused(error: unknown): void {
    if (error instanceof Problem && error.code === 'invalid_refresh_token') this.drop();
  }
}
