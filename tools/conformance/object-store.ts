import { randomUUID } from 'node:crypto';
import { sha256, Store } from '../../apps/ml-bridge/test/store.js';

/** What a job says about a file to be read. */
export interface StoredInput {
  file_id: string;
  url: string;
  content_type: string;
  bytes: number;
  sha256: string;
}

/** The store of a suite, which knows the pictures of its owners. */
export class ObjectStore extends Store {
  private readonly inputs = new Map<string, StoredInput>();

  /** A picture of an owner. `about` may say what is not true of it. */
  keep(content: Buffer, about: Partial<StoredInput> = {}): StoredInput {
    const file_id = randomUUID();
    const key = `inputs/${file_id}`;
    this.files.set(`/${key}`, content);
    const facts = { content_type: 'image/png', bytes: content.length, sha256: sha256(content) };
    const input = { file_id, url: this.urlOf(key), ...facts, ...about };
    this.inputs.set(file_id, input);
    return input;
  }

  input(fileId: string): StoredInput {
    const input = this.inputs.get(fileId);
    if (!input) throw new Error(`the test keeps no file ${fileId}`);
    return input;
  }

  urlOf(key: string): string {
    return `${this.url}/${key}`;
  }

  /** What was written there; undefined when nothing was. */
  read(key: string): Buffer | undefined {
    return this.files.get(`/${key}`);
  }
}
