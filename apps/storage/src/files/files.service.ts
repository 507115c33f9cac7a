import { Injectable } from '@nestjs/common';
import type {
  AccountId,
  DownloadTicket,
  FileOfOwner,
  FilePage,
  FileUsage,
  FileView,
  ListFiles,
  Nothing,
  OpenDownload,
} from '#contracts';
import { idFrom, pageOf } from '#persistence';
import { attachment } from '#runtime';
import { S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';
import { type StoredFile, viewOf } from './file.js';
import { FilesRepository } from './files.repository.js';
import { RemovalsRepository } from './removals.repository.js';

const downloadSeconds = 300;

/** Questions about files that are there, and their end. */
@Injectable()
export class FilesService {
  constructor(
    private readonly files: FilesRepository,
    private readonly removals: RemovalsRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {}

  async find({ file_id, owner_id }: FileOfOwner): Promise<FileView> {
    await this.files.touch([file_id], owner_id);
    return viewOf(await this.files.find(file_id, owner_id));
  }

  async list({ owner_id, kind, cursor, limit }: ListFiles): Promise<FilePage> {
    const files = await this.files.list(owner_id, { kind, before: idFrom(cursor), limit: limit + 1 });
    const { items, next_cursor } = pageOf(files, limit, ({ id }) => id);
    return { items: items.map(viewOf), next_cursor };
  }

  /** The sweeper removes its bytes. */
  async remove({ file_id, owner_id }: FileOfOwner): Promise<Nothing> {
    await this.removals.remove(file_id, owner_id);
    return {};
  }

  /** Addresses that whoever holds them can read for five minutes, made without asking the store. */
  async openDownload({ file_id, owner_id, redirect = false }: OpenDownload): Promise<DownloadTicket> {
    const file = await this.files.find(file_id, owner_id);
    const public_url = redirect ? await this.publicUrl(file) : undefined;
    return {
      download_url: await this.store.presignRead(file.objectKey, downloadSeconds),
      ...(public_url === undefined ? {} : { public_url }),
      file: viewOf(file),
    };
  }

  /** The store itself says what the gateway would: a file to be saved, of its type, for nobody else's cache. */
  private publicUrl({ objectKey, filename, mediaType }: StoredFile): Promise<string | undefined> {
    return this.store.presignPublicRead(objectKey, downloadSeconds, {
      'response-content-type': mediaType,
      'response-content-disposition': attachment(filename),
      'response-cache-control': 'private, max-age=31536000, immutable',
    });
  }

  async count({ account_id }: AccountId): Promise<FileUsage> {
    const { MAX_FILES_PER_ACCOUNT, MAX_BYTES_PER_ACCOUNT } = this.config;
    const usage = await this.files.usageOf(account_id);
    return { ...usage, max_files: MAX_FILES_PER_ACCOUNT, max_bytes: MAX_BYTES_PER_ACCOUNT };
  }
}
