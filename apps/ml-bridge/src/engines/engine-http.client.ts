import { Agent, type Dispatcher, FormData, request } from 'undici';
import type { ServerSettings } from '../catalogue/catalogue-model.js';
import { EngineFailure } from '../generations/attempt-failure.js';
import { isAllowed } from './allowed-origins.js';
import type { EngineAnswer } from './answers.js';
import { EngineUnreachable, unreachable } from './engine-unreachable.js';
import { readContent } from './read-content.js';

const connectMs = 5000;
const mostRedirects = 3;
const mostOfExcerpt = 500;
const mebibyte = 1024 ** 2;

/** The greatest JSON answer that is taken. */
export const mostJsonBytes = 64 * mebibyte;
/** The same with a model in it, which is three quarters of that in memory. */
export const mostJsonBytesWithFiles = 256 * mebibyte;

export interface FormFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

export interface EngineCall {
  signal: AbortSignal;
  json?: unknown;
  /** Sent as multipart/form-data, in this order. */
  form?: readonly [name: string, value: string | FormFile][];
  headers?: Readonly<Record<string, string>>;
  /** How long the server may take until it begins to answer, and pause within its answer; 30 s unless told. */
  timeoutMs?: number;
  /** How large the answer may be; 1 MiB unless told. */
  maxBytes?: number;
  /** Whether long strings that are base64 are taken as files: each is a JsonFile in the answer. */
  files?: boolean;
}

export interface Download {
  signal: AbortSignal;
  timeoutMs?: number;
  /** Where the address and each redirect may lead besides the server itself (see `isAllowed`). */
  origins?: readonly string[];
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Calls one server of somebody else's. Rejects with an EngineUnreachable when there is no answer, a status of 5xx, or no end of it, and
 * with an EngineFailure `output_rejected` when the answer is too large. Its key goes to its own origin alone, and into no message.
 */
export class EngineHttpClient {
  private readonly base: string;
  private readonly origin: string;
  private readonly agent: Agent;

  /** Throws an Error when the address is not one of HTTP, or has a password in it: secrets are settings of their own. */
  constructor(private readonly server: Pick<ServerSettings, 'url' | 'apiKey'>) {
    const url = URL.canParse(server.url) ? new URL(server.url) : null;
    if (!url || !/^https?:$/.test(url.protocol)) throw new Error('url is no address of HTTP');
    if (url.username !== '' || url.password !== '') throw new Error('url has a name or password in it: use api_key');
    this.origin = url.origin;
    this.base = url.href.replace(/[?#].*$/, '').replace(/\/+$/, '');
    // a connection is hardly ever used twice: many of these servers close theirs after a few seconds, in the middle of the next call
    this.agent = new Agent({ connect: { timeout: connectMs }, keepAliveTimeout: 1000, pipelining: 1 });
  }

  /** `path` begins with a slash, and is put behind the address of the server. */
  async call(method: Method, path: string, call: EngineCall): Promise<EngineAnswer> {
    const name = `${method} ${path.replace(/\?.*/, '')}`;
    const answer = await this.send(method, new URL(this.base + path), name, call);
    const announcedBytes = Number(answer.headers['content-length'] ?? 0);
    const { body, head } = await readContent(this.piecesOf(answer, name, call.signal), name, {
      ...call,
      announcedBytes,
    });
    const excerpt = this.redacted(`${name}: ${answer.statusCode} ${head.slice(0, mostOfExcerpt)}`);
    if (answer.statusCode >= 500) throw new EngineUnreachable(excerpt, false);
    return { status: answer.statusCode, headers: answer.headers, body, excerpt };
  }

  /** The bytes behind a path of the server, or behind an address that it named. Only 200 will do. */
  async download(address: string, { signal, timeoutMs, origins = [] }: Download): Promise<AsyncIterable<Uint8Array>> {
    let url = this.resolved(address);
    for (let hops = 0; hops <= mostRedirects; hops++) {
      if (!isAllowed(url, [this.origin, ...origins]))
        throw new EngineFailure('output_rejected', `${url.origin} may not be called`);
      const name = `GET ${url.origin}${url.pathname}`;
      const answer = await this.send('GET', url, name, { signal, timeoutMs });
      const { statusCode, headers, body } = answer;
      if (statusCode === 200) return this.piecesOf(answer, name, signal);
      await body.dump({ limit: mebibyte }).catch(() => undefined);
      if (statusCode >= 500) throw new EngineUnreachable(`${name}: ${statusCode}`, false);
      const next = redirectOf(statusCode, headers.location, url);
      if (!next) break;
      url = next;
    }
    throw new EngineFailure('output_rejected', `${url.origin}${url.pathname} leads to no file`);
  }

  private resolved(address: string): URL {
    if (address.startsWith('/')) return new URL(this.base + address);
    if (!URL.canParse(address)) throw new EngineFailure('output_rejected', 'the server named no address');
    return new URL(address);
  }

  private async send(method: Method, url: URL, name: string, call: EngineCall): Promise<Dispatcher.ResponseData> {
    const { signal, json, form, timeoutMs = 30_000 } = call;
    const headers: Record<string, string> = { accept: '*/*', ...call.headers };
    if (json !== undefined) headers['content-type'] = 'application/json';
    if (this.server.apiKey && url.origin === this.origin) headers['authorization'] ??= `Bearer ${this.server.apiKey}`;
    const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    const body = json === undefined ? formOf(form) : JSON.stringify(json);
    try {
      return await request(url, { dispatcher: this.agent, method, headers, body, signal, ...timeouts });
    } catch (cause) {
      signal.throwIfAborted();
      throw unreachable(name, cause);
    }
  }

  private async *piecesOf(
    { body }: Dispatcher.ResponseData,
    name: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body) yield piece as Uint8Array;
    } catch (cause) {
      signal.throwIfAborted();
      throw unreachable(name, cause);
    }
  }

  private redacted(text: string): string {
    return this.server.apiKey ? text.replaceAll(this.server.apiKey, '…') : text;
  }
}

function formOf(fields: EngineCall['form']): FormData | null {
  if (!fields) return null;
  const form = new FormData();
  for (const [field, value] of fields) {
    if (typeof value === 'string') form.append(field, value);
    else form.append(field, new Blob([new Uint8Array(value.bytes)], { type: value.type }), value.name);
  }
  return form;
}

/** A redirect to another scheme is none. */
function redirectOf(status: number, location: unknown, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return null;
  const next = URL.canParse(location, from.href) ? new URL(location, from) : null;
  return next?.protocol === from.protocol ? next : null;
}
