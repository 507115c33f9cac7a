import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { FileView, Problem } from '#contracts';

/** An upload as the storage service sees it. */
export interface ReceivedUpload {
  bytes: number;
  state: 'open' | 'complete' | 'broken';
  requestId: string | undefined;
}

/** A download as the store sees it. */
export interface GivenDownload {
  path: string;
  range: string | undefined;
  closed: boolean;
  /** How many bytes the connection has taken. */
  sent: number;
}

/** The other end of the gateway's transfers: a real HTTP server that takes uploads and gives bytes away. */
export class ByteStore {
  readonly uploads = new Map<string, ReceivedUpload>();
  /** Their bytes, or how many zeros they are. */
  readonly objects = new Map<string, Buffer | number>();
  /** The file that an upload becomes, or the problem it is refused with (at once, whatever is still to come). */
  verdict: (id: string, bytes: number) => FileView | Problem = () => {
    throw new Error('the test says nothing about this upload');
  };
  refuseAtOnce: Problem | undefined;
  /** How the store fails to give an object away. */
  ailment: 'none' | 'refuses' | 'fails' | 'says-nothing' | 'ignores-ranges' | 'cuts-off' | 'never-ends' = 'none';
  readonly downloads: GivenDownload[] = [];
  private readonly server: Server = createServer((request, response) => {
    void (request.method === 'PUT' ? this.take(request, response) : this.give(request, response));
  });

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  urlOf(id: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${id}`;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.url!.slice(1);
    const requestId = request.headers['x-request-id'] as string | undefined;
    const upload: ReceivedUpload = { bytes: 0, state: 'open', requestId };
    this.uploads.set(id, upload);
    if (this.refuseAtOnce) return answer(response, 415, this.refuseAtOnce);
    try {
      for await (const chunk of request) upload.bytes += (chunk as Buffer).length;
    } catch {
      upload.state = 'broken';
      return;
    }
    upload.state = 'complete';
    const verdict = this.verdict(id, upload.bytes);
    answer(response, verdict instanceof Error ? 422 : 201, verdict);
  }

  private give(request: IncomingMessage, response: ServerResponse): void {
    const download: GivenDownload = { path: request.url!, range: request.headers.range, closed: false, sent: 0 };
    this.downloads.push(download);
    response.on('close', () => (download.closed = true));
    const object = this.objects.get(request.url!.slice(1));
    if (this.ailment === 'refuses') return void response.writeHead(403).end();
    if (this.ailment === 'fails') return void response.writeHead(503).end();
    if (this.ailment === 'says-nothing') return;
    if (object === undefined) return void response.writeHead(404).end();
    if (typeof object === 'number') {
      response.writeHead(200, { 'content-length': object });
      if (this.ailment === 'never-ends') return void response.write('0');
      return void Readable.from(zeros(object, download), { objectMode: false }).pipe(response);
    }
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const partly = first !== undefined && this.ailment !== 'ignores-ranges';
    const bytes = partly ? object.subarray(Number(first), Number(last) + 1) : object;
    response.writeHead(partly ? 206 : 200, { 'content-length': bytes.length });
    if (this.ailment === 'cuts-off') return void response.write(bytes.subarray(0, -1), () => response.destroy());
    if (this.ailment === 'never-ends') return void response.write(bytes.subarray(0, 1));
    Readable.from(slices(bytes, download)).pipe(response);
  }
}

const sliceBytes = 64 * 1024;

/** The bytes a little at a time, counted as they are asked for. */
function* slices(bytes: Buffer, download: GivenDownload): Generator<Buffer> {
  for (; download.sent < bytes.length; download.sent += sliceBytes) {
    yield bytes.subarray(download.sent, download.sent + sliceBytes);
  }
}

const noughts = Buffer.alloc(sliceBytes);

/** So many zeros, and no memory for them. */
function* zeros(count: number, download: GivenDownload): Generator<Buffer> {
  for (; download.sent < count; download.sent += sliceBytes) yield noughts.subarray(0, count - download.sent);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
