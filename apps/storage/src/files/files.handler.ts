import { Controller } from '@nestjs/common';
import {
  type AccountId,
  countFiles,
  type DownloadTicket,
  type FileOfOwner,
  type FilePage,
  type FileUsage,
  type FileView,
  findFile,
  type ListFiles,
  listFiles,
  type Nothing,
  type OpenDownload,
  openDownload,
  removeFile,
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
  openDownload(request: OpenDownload): Promise<DownloadTicket> {
    return this.files.openDownload(request);
  }

  @Handles(countFiles)
  count(request: AccountId): Promise<FileUsage> {
    return this.files.count(request);
  }

  @Handles(listFiles)
  list(request: ListFiles): Promise<FilePage> {
    return this.files.list(request);
  }

  @Handles(removeFile)
  remove(request: FileOfOwner): Promise<Nothing> {
    return this.files.remove(request);
  }
}
