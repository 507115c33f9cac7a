import { mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import {
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { Problem } from '#contracts';
import { RecurringWork } from '#persistence';
import { StorageConfig } from '../storage.config.js';

/** A place for one upload: its bytes as they are sent, and what is made of them. Both are gone after its use. */
export interface Place {
  received: string;
  made: string;
  write: (piece: Buffer) => Promise<unknown>;
}

const prefix = 'lathe-uploads-';
/** Longer than any upload takes: what is older was left behind, on whatever machine. */
const oldMs = 3_600_000;

/** The folders of this process, of which there are several in tests. */
const ours = new Set<string>();

/**
 * Where uploads lie while they are received and checked: a folder that only this process can read, by a name that nobody can guess.
 * What a process leaves behind that was killed, the next one on the same machine removes when it starts, and anybody after an hour.
 */
@Injectable()
export class SpoolService implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(SpoolService.name);
  private readonly root: string;
  private folder: Promise<string> | undefined;

  private readonly cleaning = new RecurringWork(SpoolService.name, oldMs, () => this.clearLeftovers(new Date()));

  constructor({ UPLOAD_DIR }: StorageConfig) {
    this.root = UPLOAD_DIR ?? tmpdir();
  }

  /** A folder that cannot be written to stops the service now, not at the first upload. */
  async onModuleInit(): Promise<void> {
    await this.ready();
    await this.clearLeftovers(new Date());
    this.cleaning.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.cleaning.stop();
  }

  /** After the last upload is answered. */
  async onApplicationShutdown(): Promise<void> {
    const folder = await this.folder?.catch(() => undefined);
    if (!folder) return;
    await rm(folder, { recursive: true, force: true });
    ours.delete(folder);
  }

  /** Gives `use` a place for an upload, and takes it back whatever happens. */
  async with<T>(use: (place: Place) => Promise<T>): Promise<T> {
    const received = path.join(await this.ready(), uuidv7());
    const made = `${received}.made`;
    const file = await open(received, 'wx', 0o600);
    try {
      return await use({
        received,
        made,
        write: (piece) => file.writeFile(piece).catch((error) => this.refuse(error)),
      });
    } finally {
      await file.close();
      await Promise.all([received, made].map((name) => rm(name, { force: true })));
    }
  }

  /** Removes folders of processes that are gone. */
  async clearLeftovers(now: Date): Promise<void> {
    const names = await readdir(this.root);
    for (const folder of names.filter((name) => name.startsWith(prefix)).map((name) => path.join(this.root, name))) {
      if (ours.has(folder) || !(await isLeftover(folder, now))) continue;
      await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
        this.logger.warn({ msg: 'a leftover of another process cannot be removed', err: error });
      });
    }
  }

  /** A full disk is nobody's fault but ours, and may be over soon. */
  private refuse(error: unknown): never {
    this.logger.error({ msg: 'an upload cannot be written', err: error });
    throw new Problem('service_unavailable', 'There is no room for uploads just now', { retryAfter: 30 });
  }

  /** Our folder, made again when somebody has cleared the temporary files away. */
  private async ready(): Promise<string> {
    const folder = await this.folder?.catch(() => undefined);
    if (folder && (await exists(folder))) return folder;
    this.folder = this.make();
    return this.folder;
  }

  private async make(): Promise<string> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(path.join(this.root, `${prefix}${machine()}-${process.pid}-`)); // 0700
    ours.add(folder);
    return folder;
  }
}

const machine = (): string => hostname().replaceAll(/[^a-z0-9]/gi, '');

async function isLeftover(folder: string, now: Date): Promise<boolean> {
  const [of, pid] = path.basename(folder).slice(prefix.length).split('-');
  if (of === machine() && !isAlive(Number(pid))) return true;
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: now.getTime() }));
  return now.getTime() - mtimeMs > oldMs;
}

/** Our own number is that of a process before us: in a container all have the same. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const exists = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );
