import { Controller } from '@nestjs/common';
import {
  type AccountId,
  countFiles,
  type DownloadTicket,
  type FileOfOwner,
  type FileUsage,
  type FileView,
  findFile,
  openDownload,
} from '#contracts';
import { Handles } from '#messaging';
import { FilesService } from './files.service.js';

/** Answers for files. */
@Controller()
export class FilesHandler {
  constructor(private readonly files: FilesService) {}

  @Handles(findFile)
  find(request: FileOfOwner): Promise<FileView> {
    return this.files.find(request);
  }

  @Handles(openDownload)
  openDownload(request: FileOfOwner): Promise<DownloadTicket> {
    return this.files.openDownload(request);
  }

  @Handles(countFiles)
  count(request: AccountId): Promise<FileUsage> {
    return this.files.count(request);
  }
}
