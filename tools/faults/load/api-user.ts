import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RegisteredAccount } from '#contracts';
import type { Ledger } from './ledger.js';

/** An answer as the load sees it. `status` is 0 when there was none. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface Ask {
  body?: object;
  form?: FormData;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

const noAnswer: Answer = { status: 0, headers: new Headers(), body: null };

/** An account that uses the API. Whatever goes wrong is written into the ledger; nothing is thrown for it. */
export class ApiUser {
  readonly email = `${randomBytes(6).toString('hex')}@example.org`;
  id = '';
  private token = '';

  constructor(
    private readonly url: string,
    private readonly ledger: Ledger,
  ) {}

  /** Throws when the system, which is to be sound at that time, does not take the account. */
  static async register(url: string, ledger: Ledger): Promise<ApiUser> {
    const user = new ApiUser(url, ledger);
    const { status, body } = await user.ask('POST', '/auth/register', {
      body: { email: user.email, password: randomBytes(12).toString('hex') },
    });
    if (status !== 201) throw new Error(`no account was made: ${status} ${JSON.stringify(body)}`);
    const account = body as RegisteredAccount;
    user.token = account.access_token;
    user.id = account.user.id;
    return user;
  }

  async ask(method: string, path: string, { body, form, headers, timeoutMs = 30_000 }: Ask = {}): Promise<Answer> {
    const begun = Date.now();
    const init = {
      method,
      headers: this.headersWith(headers, body),
      ...(form ? { body: form } : {}),
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    };
    try {
      const response = await fetch(new URL(path, this.url), init);
      const text = await response.text();
      if (response.status >= 500) this.note(method, path, begun, response, text);
      return { status: response.status, headers: response.headers, body: parsed(text) };
    } catch (error) {
      this.note(method, path, begun, undefined, reasonOf(error));
      return noAnswer;
    }
  }

  /** Asks until the answer is not for later: no connection, 429 and 5xx are tried again, as their Retry-After says. */
  async insist(method: string, path: string, ask: Ask = {}, limitMs = 180_000): Promise<Answer> {
    const end = Date.now() + limitMs;
    for (;;) {
      const answer = await this.ask(method, path, ask);
      const isForLater = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!isForLater || Date.now() > end) return answer;
      await delay(Math.min(2000, Number(answer.headers.get('retry-after') ?? 0.3) * 1000));
    }
  }

  /** Opens an event stream; undefined when there is none to be had now. */
  async stream(path: string, lastEventId: number | undefined): Promise<Response | undefined> {
    const begun = Date.now();
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastEventId !== undefined) headers['last-event-id'] = String(lastEventId);
    const signal = AbortSignal.timeout(120_000);
    try {
      const response = await fetch(new URL(path, this.url), { headers: this.headersWith(headers), signal });
      if (response.ok) return response;
      const text = await response.text();
      if (response.status >= 500) this.note('GET', path, begun, response, text);
      else this.ledger.surprises.push(`GET ${path}: ${response.status} ${text.slice(0, 200)}`);
      return undefined;
    } catch (error) {
      this.note('GET', path, begun, undefined, reasonOf(error));
      return undefined;
    }
  }

  private headersWith(headers: Record<string, string> = {}, body?: object): Record<string, string> {
    return {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      ...headers,
    };
  }

  private note(method: string, path: string, begun: number, response: Response | undefined, said: string): void {
    this.ledger.badAnswers.push({
      at: begun,
      tookMs: Date.now() - begun,
      method,
      path,
      status: response?.status ?? 0,
      contentType: response?.headers.get('content-type') ?? null,
      retryAfter: response?.headers.get('retry-after') ?? null,
      said: said.slice(0, 300),
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
};
