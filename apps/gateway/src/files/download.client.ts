import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, get as getSecurely } from 'node:https';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Problem } from '#contracts';
import type { ByteRange } from './byte-range.js';

/** How long the store may take until its first bytes. */
const answerWithinMs = 10_000;
/** An idle connection is given up before the store does it, so that none is closed under a new request. */
const idleConnectionMs = 4000;

/** Reads bytes from the addresses that the storage service hands out. */
@Injectable()
export class DownloadClient implements OnApplicationShutdown {
  private readonly logger = new Logger('download');
  private readonly agent = new Agent({ keepAlive: true, timeout: idleConnectionMs });
  private readonly secureAgent = new SecureAgent({ keepAlive: true, timeout: idleConnectionMs });

  onApplicationShutdown(): void {
    this.agent.destroy();
    this.secureAgent.destroy();
  }

  /** The bytes, from the moment the first are there: whoever gets the stream reads it or destroys it. */
  async open(url: string, range: ByteRange | 'whole', length: number): Promise<IncomingMessage> {
    const request = this.request(url, range === 'whole' ? {} : { range: `bytes=${range.first}-${range.last}` });
    try {
      return await firstBytes(request, range === 'whole' ? 200 : 206, length);
    } catch (error) {
      request.destroy();
      this.logger.warn(`${request.host} does not give the bytes: ${(error as Error).message}`);
      throw new Problem('service_unavailable', 'The file store does not answer', { retryAfter: 2 });
    }
  }

  private request(url: string, headers: Record<string, string>): ClientRequest {
    return url.startsWith('https:')
      ? getSecurely(url, { headers, agent: this.secureAgent })
      : get(url, { headers, agent: this.agent });
  }
}

/** A store that fails does so before anything is promised to the client. */
async function firstBytes(request: ClientRequest, status: number, length: number): Promise<IncomingMessage> {
  const late = setTimeout(() => request.destroy(new Error(`nothing within ${answerWithinMs} ms`)), answerWithinMs);
  request.on('error', () => {}); // awaited here; a later one ends the response, which reports it itself
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== status) throw new Error(`status ${response.statusCode} instead of ${status}`);
    const announced = Number(response.headers['content-length']);
    if (announced !== length) throw new Error(`${announced} bytes instead of ${length}`);
    await once(response, 'readable');
    return response;
  } finally {
    clearTimeout(late);
  }
}
