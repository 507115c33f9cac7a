import { Injectable } from '@nestjs/common';
import type { AccountId, DownloadTicket, FileOfOwner, FileUsage, FileView } from '#contracts';
import { S3Client } from '../objects/s3.client.js';
import { viewOf } from './file.js';
import { FilesRepository } from './files.repository.js';

const downloadSeconds = 300;

/** Questions about files that are there. */
@Injectable()
export class FilesService {
  constructor(
    private readonly files: FilesRepository,
    private readonly store: S3Client,
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

  count({ account_id }: AccountId): Promise<FileUsage> {
    return this.files.usageOf(account_id);
  }
}
