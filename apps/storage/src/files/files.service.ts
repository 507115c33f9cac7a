import { Injectable } from '@nestjs/common';
import type { AccountId, DownloadTicket, FileOfOwner, FileUsage, FileView } from '#contracts';
import { S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';
import { viewOf } from './file.js';
import { FilesRepository } from './files.repository.js';

const downloadSeconds = 300;

/** Questions about files that are there. */
@Injectable()
export class FilesService {
  constructor(
    private readonly files: FilesRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {}

  async find({ file_id, owner_id }: FileOfOwner): Promise<FileView> {
    await this.files.touch([file_id], owner_id);
    return viewOf(await this.files.find(file_id, owner_id));
  }

  /** An address that whoever holds it can read for five minutes, made without asking the store. */
  async openDownload({ file_id, owner_id }: FileOfOwner): Promise<DownloadTicket> {
    const file = await this.files.find(file_id, owner_id);
    return { download_url: await this.store.presignRead(file.objectKey, downloadSeconds), file: viewOf(file) };
  }

  async count({ account_id }: AccountId): Promise<FileUsage> {
    const { MAX_FILES_PER_ACCOUNT, MAX_BYTES_PER_ACCOUNT } = this.config;
    const usage = await this.files.usageOf(account_id);
    return { ...usage, max_files: MAX_FILES_PER_ACCOUNT, max_bytes: MAX_BYTES_PER_ACCOUNT };
  }
}
