import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { type FileOfOwner, type FileView, type Nothing, type OpenUpload, Problem, type UploadTicket } from '#contracts';
import { type StoredFile, viewOf } from '../files/file.js';
import { cleanName, nameFor } from '../files/filename.js';
import { FilesRepository } from '../files/files.repository.js';
import { inputKey } from '../objects/keys.js';
import { S3Client } from '../objects/s3.client.js';
import { internalUrl, StorageConfig } from '../storage.config.js';
import { inspectPicture, type Picture } from './picture.js';
import { brokenOff, type ReceivedFile, receiveFile, tooLarge } from './received-file.js';
import { Slots } from './slots.js';
import { hashOfTicket, newTicket } from './ticket.js';
import { type ClaimedUpload, UploadsRepository } from './uploads.repository.js';

/** Decoding runs on the thread pool that name look-ups share; two leave room for them. */
const decodersAtOnce = 2;

/** Turns what a client sends into a file of its owner, or into a refusal that leaves nothing behind. */
@Injectable()
export class UploadsService {
  private readonly logger = new Logger(UploadsService.name);
  private readonly transfers: Slots;
  private readonly decoders = new Slots(decodersAtOnce, Infinity);

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly files: FilesRepository,
    private readonly store: S3Client,
    private readonly config: StorageConfig,
  ) {
    this.transfers = new Slots(config.MAX_CONCURRENT_UPLOADS, 0);
  }

  /** Allows one upload: an address for one PUT within ten minutes, good on every replica. */
  async open({ owner_id, filename }: OpenUpload): Promise<UploadTicket> {
    const ticket = newTicket();
    const upload = { id: uuidv7(), ownerId: owner_id, filename: cleanName(filename), ticketHash: hashOfTicket(ticket) };
    await this.uploads.insert(upload);
    return { upload_url: `${internalUrl(this.config)}/uploads/${ticket}` };
  }

  /** Takes the file of an upload: it is a file of its owner when this resolves, and nothing of it is left when it throws. */
  receive(ticket: string, request: IncomingMessage): Promise<FileView> {
    return this.transfers.run(async () => {
      const upload = await this.uploads.claim(hashOfTicket(ticket));
      const { received, picture } = await this.accept(upload, request);
      const file = fileOf(upload, received, picture);
      await this.keep(file, received.bytes, request);
      return viewOf(file);
    });
  }

  /** Undoes an upload that has become a file; the sweeper removes its bytes. The ticket is one that nobody holds. */
  async discard({ file_id, owner_id }: FileOfOwner): Promise<Nothing> {
    await this.files.abandon(file_id, owner_id, hashOfTicket(newTicket()));
    return {};
  }

  private async accept(
    upload: ClaimedUpload,
    request: IncomingMessage,
  ): Promise<{ received: ReceivedFile; picture: Picture }> {
    const { UPLOAD_MAX_BYTES: maxBytes, UPLOAD_TIMEOUT_MS: timeoutMs, MAX_IMAGE_PIXELS: maxPixels } = this.config;
    try {
      await this.store.expectToAnswer();
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
      const received = await receiveFile(request, { maxBytes, timeoutMs });
      return { received, picture: await this.decoders.run(() => inspectPicture(received.bytes, maxPixels)) };
    } catch (error) {
      await this.uploads.discard([upload.id]);
      throw error;
    }
  }

  private async keep(file: StoredFile, bytes: Buffer, request: IncomingMessage): Promise<void> {
    try {
      await this.store.put(file.objectKey, bytes, file.mediaType);
      if (request.socket.destroyed) throw brokenOff();
      await this.uploads.finish(file.id, (tx) => this.files.insert(tx, file));
    } catch (error) {
      await this.withdraw(file);
      throw error;
    }
  }

  /** What cannot be removed now is left to the sweeper, which finds it by its upload. */
  private async withdraw({ id, objectKey }: StoredFile): Promise<void> {
    try {
      if (!(await this.uploads.isOpen(id))) return; // it did become a file: only the answer to the commit was lost
      await this.store.expectToAnswer();
      await this.store.remove(objectKey);
      await this.uploads.discard([id]);
    } catch (error) {
      const reason = error instanceof Problem ? error.message : error;
      this.logger.warn({ msg: 'an upload is left to the sweeper', file_id: id, err: reason });
    }
  }
}

const fileOf = (
  { id, ownerId, filename }: ClaimedUpload,
  { bytes, sha256 }: ReceivedFile,
  { mediaType, width, height }: Picture,
): StoredFile => ({
  id,
  ownerId,
  kind: 'input',
  filename: nameFor(filename, mediaType),
  mediaType,
  sizeBytes: bytes.length,
  sha256,
  width,
  height,
  taskId: null,
  objectKey: inputKey(ownerId, id),
  createdAt: new Date(),
});
