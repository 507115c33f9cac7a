import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { FileOfOwner, Nothing, OpenUpload, UploadTicket } from '#contracts';
import { cleanName } from '../files/filename.js';
import { RemovalsRepository } from '../files/removals.repository.js';
import { internalUrl, StorageConfig } from '../storage.config.js';
import { InputsRepository } from './inputs.repository.js';
import { hashOfTicket, newTicket } from './ticket.js';
import { UploadsRepository } from './uploads.repository.js';

/** Allows uploads and takes them back. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly inputs: InputsRepository,
    private readonly removals: RemovalsRepository,
    private readonly config: StorageConfig,
  ) {}

  /** Allows one upload: an address for one PUT within ten minutes, good on every replica. */
  async open({ owner_id, filename }: OpenUpload): Promise<UploadTicket> {
    await this.inputs.expectRoom(owner_id);
    const ticket = newTicket();
    const upload = { id: uuidv7(), ownerId: owner_id, filename: cleanName(filename), ticketHash: hashOfTicket(ticket) };
    await this.uploads.insert(upload);
    return { upload_url: `${internalUrl(this.config)}/uploads/${ticket}` };
  }

  /** Undoes an upload that has become a file; the sweeper removes its bytes. The ticket is one that nobody holds. */
  async discard({ file_id, owner_id }: FileOfOwner): Promise<Nothing> {
    await this.removals.abandon(file_id, owner_id, hashOfTicket(newTicket()));
    return {};
  }
}
