import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as send, type RequestOptions } from 'node:http';
import { request as sendSecurely } from 'node:https';
import { json } from 'node:stream/consumers';
import { Injectable, Logger } from '@nestjs/common';
import { FileView, Problem } from '#contracts';
import { validated } from '#messaging';
import { contextHeaders } from '#runtime';

/** How long a connection may stand still: a slow client, or a picture that is being checked. */
const silentForMs = 60_000;

/** Sends bytes to the addresses that the storage service hands out. */
@Injectable()
export class UploadClient {
  begin(url: string): Upload {
    const options: RequestOptions = {
      method: 'PUT',
      agent: false, // a body cannot be sent again when a kept connection turns out to be closed
      headers: {
        'content-type': 'application/octet-stream',
        ...contextHeaders(),
      },
    };
    return new Upload(url.startsWith('https:') ? sendSecurely(url, options) : send(url, options));
  }
}

/** One upload under way. Only `finish` makes a file of it: abandoned, it leaves nothing behind. */
export class Upload {
  private readonly logger = new Logger('upload');
  private readonly answer: Promise<IncomingMessage>;
  private answered = false;

  constructor(private readonly request: ClientRequest) {
    request.setTimeout(silentForMs, () => request.destroy(new Error(`silent for ${silentForMs} ms`)));
    request.on('error', () => {}); // awaited through `answer`
    this.answer = once(request, 'response').then(([response]) => {
      this.answered = true;
      return response as IncomingMessage;
    });
    this.answer.catch(() => {}); // may fail before anybody waits for it
  }

  /** Sends everything, no faster than the other side takes it; stops when the other side has its answer ready early. */
  async write(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of bytes) {
      if (this.answered) return;
      if (!this.request.write(chunk)) await this.otherSide(Promise.race([once(this.request, 'drain'), this.answer]));
    }
  }

  /** The file that was made of the bytes, or the problem they were refused with. */
  async finish(): Promise<FileView> {
    this.request.end();
    const response = await this.otherSide(this.answer);
    const body = await this.otherSide(json(response));
    if (response.statusCode! < 300) return validated(FileView, body);
    throw Problem.fromJSON(body);
  }

  abandon(): void {
    this.request.destroy();
  }

  private async otherSide<T>(waiting: Promise<T>): Promise<T> {
    try {
      return await waiting;
    } catch (error) {
      this.logger.warn(`${this.request.host} does not take the bytes: ${(error as Error).message}`);
      throw new Problem('service_unavailable', 'The storage service does not answer', { retryAfter: 2 });
    }
  }
}
