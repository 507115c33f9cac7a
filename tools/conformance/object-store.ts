import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What a job says about a file to be read. */
export interface StoredInput {
  file_id: string;
  url: string;
  content_type: string;
  bytes: number;
  sha256: string;
}

/** Files at addresses of their own, to be read and written over plain HTTP, as behind presigned URLs. */
export class ObjectStore {
  private readonly files = new Map<string, Buffer>();
  private readonly inputs = new Map<string, StoredInput>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** A picture of an owner. `about` may say what is not true of it. */
  keep(content: Buffer, about: Partial<StoredInput> = {}): StoredInput {
    const file_id = randomUUID();
    const url = this.urlOf(`inputs/${file_id}`);
    this.files.set(new URL(url).pathname, content);
    const input = { file_id, url, content_type: 'image/png', bytes: content.length, sha256: sha256(content), ...about };
    this.inputs.set(file_id, input);
    return input;
  }

  input(fileId: string): StoredInput {
    const input = this.inputs.get(fileId);
    if (!input) throw new Error(`the test keeps no file ${fileId}`);
    return input;
  }

  urlOf(key: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${key}`;
  }

  /** What was written there; undefined when nothing was. */
  read(key: string): Buffer | undefined {
    return this.files.get(`/${key}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.url ?? '/';
    if (request.method === 'PUT') {
      this.files.set(key, await buffer(request));
      response.end();
      return;
    }
    const content = this.files.get(key);
    response.writeHead(content ? 200 : 404, { 'content-length': content?.length ?? 0 }).end(content);
  }
}
