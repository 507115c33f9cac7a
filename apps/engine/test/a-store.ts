import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { workerFormats } from '#contracts';
import type { JobInput, JobOutput } from '#worker-contract';
import { sha256 } from '../src/jobs/transfer.js';

/** A store that takes what is put and gives what it has. */
export class AStore {
  readonly objects = new Map<string, Buffer>();
  private readonly server: Server = createServer((request, answer) => void this.serve(request, answer));

  start(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** An object as the input of a job. */
  input(name: string, content: Uint8Array, content_type: string): JobInput {
    this.objects.set(name, Buffer.from(content));
    return { name, url: this.urlOf(name), content_type, bytes: content.length, sha256: sha256(content) };
  }

  /** Outputs of a job by their names, of the formats that these end in. */
  outputs(...names: string[]): JobOutput[] {
    return names.map((name) => ({
      name,
      format: workerFormats.find((format) => name.endsWith(`.${format}`)) ?? name.split('.').at(-1)!,
      url: this.urlOf(name),
      max_bytes: 100_000_000,
    }));
  }

  private async serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const name = request.url!.slice(1);
    const body = await buffer(request);
    if (request.method === 'PUT') this.objects.set(name, body);
    answer.end(request.method === 'PUT' ? '' : this.objects.get(name));
  }

  private urlOf = (name: string): string => `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
}
