import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Writes small JSON files so that each is either its old self or its new self, never something between. */
export class Records {
  constructor(
    /** On the same file system as the records; what is left in it after a crash is garbage. */
    private readonly scratch: string,
    /** Also safe against the loss of power, not only of the process; slower. */
    readonly powerSafe: boolean,
  ) {}

  /** A name in the scratch folder nobody uses. */
  scratchPath(): string {
    return path.join(this.scratch, randomUUID());
  }

  /** Publishes a record by one rename; on failure the record before stays. */
  async write(file: string, record: unknown): Promise<void> {
    const draft = this.scratchPath();
    try {
      const handle = await open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(JSON.stringify(record));
        if (this.powerSafe) await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    if (this.powerSafe) await this.#syncFolder(path.dirname(file));
  }

  /** Removes a whole folder as one step: out of sight by a rename, then for good. */
  async discard(folder: string): Promise<void> {
    const grave = this.scratchPath();
    await rename(folder, grave);
    await rm(grave, { recursive: true, force: true });
  }

  /** Empties the scratch folder; nothing may be in progress. */
  async clear(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true });
    await mkdir(this.scratch, { recursive: true, mode: 0o700 });
  }

  async #syncFolder(folder: string): Promise<void> {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** A record as it was written, or undefined when it is missing or unreadable: after a loss of power it may be empty. */
export async function readRecord<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
