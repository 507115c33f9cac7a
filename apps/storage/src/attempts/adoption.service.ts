import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { AdoptArtifacts, AdoptedArtifacts } from '#contracts';
import { EndedTasksRepository } from '../ended-tasks/ended-tasks.repository.js';
import type { StoredFile } from '../files/file.js';
import { FilesRepository } from '../files/files.repository.js';
import { attemptKey } from '../objects/keys.js';
import { ObjectGone } from '../objects/object-gone.js';
import { type ReadObject, S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';
import { adoptedAs, fileOf } from './adopted-file.js';
import { type Artifact, checkContent, checkSize, type Content, expectedArtifacts, rejected } from './artifact.js';
import { headBytes } from './content.js';

/** An output that was read from its first byte to its last and is what it was said to be. */
interface Verified {
  artifact: Artifact;
  key: string;
  etag: string;
  file: StoredFile;
}

/**
 * Makes files of what a worker wrote. The same bytes of the same task are the same file, so adopting again, or twice at once, answers
 * the same; a worker that goes on writing to its temporary key changes nothing that was adopted.
 */
@Injectable()
export class AdoptionService {
  private readonly logger = new Logger(AdoptionService.name);

  constructor(
    private readonly files: FilesRepository,
    private readonly endedTasks: EndedTasksRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {}

  async adopt(request: AdoptArtifacts): Promise<AdoptedArtifacts> {
    const artifacts = expectedArtifacts(request.artifacts, this.config.MAX_ARTIFACT_BYTES);
    const known = await this.adopted(request, artifacts);
    if (known) return known;
    await this.files.expectOwner(request.owner_id);
    await this.endedTasks.expectGoing(request.task_id);
    await this.store.expectToAnswer();
    const missing = await this.takeOver(request, artifacts).catch((error: unknown) => {
      if (error instanceof ObjectGone) return error; // another adoption was faster, or there never was such an output
      throw error;
    });
    const adopted = await this.adopted(request, artifacts);
    if (!adopted) throw rejected(missing?.key.split('/').at(-1) ?? 'files', 'was not delivered, or has changed since');
    await this.clear(request, artifacts);
    return adopted;
  }

  /** The files these artifacts have become, if all of them have. */
  private async adopted(request: AdoptArtifacts, artifacts: Artifact[]): Promise<AdoptedArtifacts | undefined> {
    const files = await this.files.ofTask(request.task_id, request.owner_id);
    const adopted = artifacts.flatMap((artifact) => {
      const file = files.find((one) => one.filename === artifact.filename && one.sha256 === artifact.sha256);
      return file ? [adoptedAs(artifact, file)] : [];
    });
    return adopted.length === artifacts.length ? { artifacts: adopted } : undefined;
  }

  /** Everything is checked before anything is copied: a refused delivery leaves nothing behind. */
  private async takeOver(request: AdoptArtifacts, artifacts: Artifact[]): Promise<void> {
    const verified = await together(artifacts.map((artifact) => this.verify(request, artifact)));
    try {
      await together(verified.map(({ file, ...from }) => this.store.copy(from, file.objectKey, file.mediaType)));
      await this.files.insertOfTask(
        request.owner_id,
        verified.map(({ file }) => file),
        (tx) => this.endedTasks.holdGoing(tx, request.task_id),
      );
    } catch (error) {
      await this.withdraw(request, verified);
      throw error;
    }
  }

  /**
   * When the account was erased meanwhile, nothing may stay of what was just written for it. Else another adoption may need it; when
   * the task has ended, whoever looks after that knows what to keep.
   */
  private async withdraw({ owner_id, task_id }: AdoptArtifacts, verified: Verified[]): Promise<void> {
    if (await this.files.ownerStands(owner_id)) return this.endedTasks.lookNow(task_id);
    await this.remove(verified.flatMap(({ key, file }) => [key, file.objectKey]));
  }

  private async verify(request: AdoptArtifacts, artifact: Artifact): Promise<Verified> {
    const key = attemptKey(request, artifact.name);
    const { etag, content } = await this.store.read(key, async (object: ReadObject) => {
      checkSize(artifact, object.size);
      return { etag: object.etag, content: await contentOf(object.body) };
    });
    checkContent(artifact, content);
    return { artifact, key, etag, file: fileOf(request, artifact, content) };
  }

  private async clear(request: AdoptArtifacts, artifacts: Artifact[]): Promise<void> {
    await this.remove(artifacts.map(({ name }) => attemptKey(request, name)));
  }

  private async remove(keys: string[]): Promise<void> {
    const results = await Promise.allSettled(keys.map((key) => this.store.remove(key)));
    if (results.some(({ status }) => status === 'rejected')) this.logger.warn('objects are left to the sweeper');
  }
}

/** Waits for all of them, also when one fails: what comes afterwards finds nothing that still goes on. */
async function together<T>(works: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

async function contentOf(body: Readable): Promise<Content> {
  const hash = createHash('sha256');
  let bytes = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex'), head };
}
