import { createHash } from 'node:crypto';
import { type Heard, type Reply, StandInServer } from './engines/stand-in.js';

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** An object store behind presigned URLs: keeps what is put, and gives it back. */
export class Store extends StandInServer {
  readonly files = new Map<string, Buffer>();

  protected answer({ method, path, body }: Heard): Reply {
    const content = this.files.get(path);
    if (method === 'GET') return content ? { body: content } : { status: 404 };
    this.files.set(path, body);
    return {};
  }
}
