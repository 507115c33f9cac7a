import { Controller } from '@nestjs/common';
import {
  discardUpload,
  type FileOfOwner,
  type Nothing,
  type OpenUpload,
  openUpload,
  type UploadTicket,
} from '#contracts';
import { Handles } from '#messaging';
import { UploadsService } from './uploads.service.js';

/** Answers for uploads; their bytes take the other way, by HTTP. */
@Controller()
export class UploadsHandler {
  constructor(private readonly uploads: UploadsService) {}

  @Handles(openUpload)
  open(request: OpenUpload): Promise<UploadTicket> {
    return this.uploads.open(request);
  }

  @Handles(discardUpload)
  discard(request: FileOfOwner): Promise<Nothing> {
    return this.uploads.discard(request);
  }
}
