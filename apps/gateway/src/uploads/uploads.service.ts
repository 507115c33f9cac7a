import { Injectable } from '@nestjs/common';
import { type FileView, openUpload, Problem } from '#contracts';
import { RpcClient } from '#messaging';
import type { FilePart, FormParts } from '../forms/form-part.js';
import { GatewayConfig } from '../gateway.config.js';
import { limited } from './limited.js';
import { TransfersService } from '../transfers/transfers.service.js';
import { unstalled } from './unstalled.js';
import { UploadClient } from './upload.client.js';
import { uploadedName } from './uploaded-name.js';

/** Hands the bytes of a form on to the storage service as they arrive. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly client: UploadClient,
    private readonly transfers: TransfersService,
    private readonly config: GatewayConfig,
  ) {}

  /** Stores the one part `file` of a form. A form with anything else in it stores nothing. */
  async storeOnly(ownerId: string, parts: FormParts): Promise<FileView> {
    const first = await parts.next();
    if (first.done || first.value.kind !== 'file' || first.value.name !== 'file') {
      throw new Problem('file_missing', 'The form must have one part, a file named "file"');
    }
    return this.store(ownerId, first.value, async () => {
      const next = await parts.next();
      if (!next.done) throw strayPart(next.value.name);
    });
  }

  /** Stores one file. `atEnd` is asked after its last byte, before it counts: what it throws undoes the upload. */
  store(owner_id: string, part: FilePart, atEnd?: () => Promise<void>): Promise<FileView> {
    return this.transfers.upload(owner_id, () => this.pass(owner_id, part, atEnd));
  }

  private async pass(owner_id: string, part: FilePart, atEnd?: () => Promise<void>): Promise<FileView> {
    const ticket = await this.rpc.call(openUpload, { owner_id, filename: uploadedName(part.filename) });
    const upload = this.client.begin(ticket.upload_url);
    try {
      const arriving = unstalled(part.bytes, this.config.TRANSFER_IDLE_SECONDS * 1000);
      await upload.write(limited(arriving, this.config.UPLOAD_MAX_BYTES));
      await atEnd?.();
      return await upload.finish();
    } catch (error) {
      upload.abandon();
      throw error;
    }
  }
}

const strayPart = (name: string): Problem =>
  new Problem('invalid_parameters', 'The form must have one part only', {
    errors: [{ pointer: `/${name}`, message: `${name} is one part too many` }],
  });
