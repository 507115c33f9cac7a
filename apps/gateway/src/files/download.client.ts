import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, get as getSecurely } from 'node:https';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Problem } from '#contracts';
import { Breaker, BreakerOpen } from '#runtime';
import { metrics } from '#telemetry';
import { GatewayConfig } from '../gateway.config.js';
import type { ByteRange } from './byte-range.js';

/** An idle connection is given up before the store does it, so that none is closed under a new request. */
const idleConnectionMs = 4000;
/** After so many failures in a row the store is left alone for a while. */
const failuresInARow = 5;
const restSeconds = 2;

/** What is wanted of the store. Nobody waits for it once `gone` is aborted. */
export interface WantedBytes {
  url: string;
  range: ByteRange | 'whole';
  length: number;
  gone: AbortSignal;
}

/** The bytes cannot be had, and the next ones may all the same: an answer about this file, or nobody who waits for it. */
class NotTheStore extends Error {}

/** Reads bytes from the addresses that the storage service hands out, and spares a store that does not answer. */
@Injectable()
export class DownloadClient implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('download');
  private readonly agent = new Agent({ keepAlive: true, timeout: idleConnectionMs });
  private readonly secureAgent = new SecureAgent({ keepAlive: true, timeout: idleConnectionMs });
  private readonly breaker = new Breaker({
    failures: failuresInARow,
    pauseMs: restSeconds * 1000,
    isFailure: (error) => !(error instanceof NotTheStore),
    probe: () => this.knock(),
  });
  private lastUrl: string;
  private stopTelling = (): void => undefined;

  constructor(private readonly config: GatewayConfig) {}

  onModuleInit(): void {
    this.stopTelling = metrics.storeBreakerOpen.from(() => [{ value: this.givenUp ? 1 : 0 }]);
  }

  onApplicationShutdown(): void {
    this.stopTelling();
    this.breaker.stop();
    this.agent.destroy();
    this.secureAgent.destroy();
  }

  /** Whether the store is left alone at the moment. */
  get givenUp(): boolean {
    return this.breaker.open;
  }

  /** The bytes, from the moment the first are there: whoever gets the stream reads it or destroys it. */
  async open(wanted: WantedBytes): Promise<IncomingMessage> {
    this.lastUrl = wanted.url;
    try {
      return await this.breaker.run(() => this.read(wanted));
    } catch (error) {
      if (!(error instanceof BreakerOpen) && !wanted.gone.aborted) {
        this.logger.warn(`${new URL(wanted.url).host} does not give the bytes: ${(error as Error).message}`);
      }
      throw new Problem('service_unavailable', 'The file store does not answer', { retryAfter: restSeconds });
    }
  }

  private read({ url, range, length, gone }: WantedBytes): Promise<IncomingMessage> {
    const headers = range === 'whole' ? {} : { range: `bytes=${range.first}-${range.last}` };
    const request = this.request(url, { headers, signal: gone });
    return this.inTime(request, async () => {
      const response = await answerOf(request);
      checkAnswer(response, range === 'whole' ? 200 : 206, length);
      await once(response, 'readable');
      return response;
    }).catch((error: unknown) => {
      throw gone.aborted ? new NotTheStore('nobody waits for them any more') : error;
    });
  }

  /** Whether the store where the last bytes were to be had answers anything at all. */
  private knock(): Promise<void> {
    const request = this.request(new URL('/', this.lastUrl).href, {});
    return this.inTime(request, async () => {
      const response = await answerOf(request);
      response.resume();
    });
  }

  private request(url: string, options: RequestOptions): ClientRequest {
    const request = url.startsWith('https:')
      ? getSecurely(url, { ...options, agent: this.secureAgent })
      : get(url, { ...options, agent: this.agent });
    return request.on('error', () => {}); // awaited; a later one ends the response, which reports it itself
  }

  /** Does the work with the answer of a request, which is given up when that fails or takes too long. */
  private async inTime<T>(request: ClientRequest, work: () => Promise<T>): Promise<T> {
    const { STORE_TIMEOUT_MS } = this.config;
    const late = new Error(`nothing within ${STORE_TIMEOUT_MS} ms`);
    const timer = setTimeout(() => request.destroy(late), STORE_TIMEOUT_MS);
    try {
      return await work();
    } catch (error) {
      request.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode! >= 500) throw new Error(`status ${response.statusCode}`);
  return response;
}

/** A store that has not got these bytes says so before anything is promised to the client. */
function checkAnswer({ statusCode, headers }: IncomingMessage, status: number, length: number): void {
  if (statusCode !== status) throw new NotTheStore(`status ${statusCode} instead of ${status}`);
  const announced = Number(headers['content-length']);
  if (announced !== length) throw new NotTheStore(`${announced} bytes instead of ${length}`);
}
