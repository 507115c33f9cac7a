import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FileView } from '#contracts';
import { Turns } from '#runtime';
import { metrics, observed } from '#telemetry';
import { type StoredFile, viewOf } from '../files/file.js';
import { StorageConfig } from '../storage.config.js';
import { CheckingService, type Sending } from './checking.service.js';
import { KeepingService } from './keeping.service.js';
import { Slots } from './slots.js';
import { SpoolService } from '../spooling/spool.service.js';
import { hashOfTicket } from './ticket.js';
import { type ClaimedUpload, UploadsRepository } from './uploads.repository.js';

/** Turns what a client sends into a file of its owner, or into a refusal that leaves nothing behind. */
@Injectable()
export class ReceivingService {
  private readonly transfers: Slots;
  private readonly turns = new Turns();

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly spool: SpoolService,
    private readonly checking: CheckingService,
    private readonly keeping: KeepingService,
    config: StorageConfig,
  ) {
    this.transfers = new Slots(config.MAX_CONCURRENT_UPLOADS, 0);
  }

  /** Takes the file of an upload: it is a file of its owner when this resolves, and nothing of it is left when it throws. */
  receive(ticket: string, request: IncomingMessage): Promise<FileView> {
    return observed(metrics.uploads, {}, () => this.transfers.run(() => this.receiveOne(ticket, request)));
  }

  private receiveOne(ticket: string, request: IncomingMessage): Promise<FileView> {
    return this.spool.with((place) =>
      whileConnected(request, async (signal) => {
        const upload = await this.uploads.claim(hashOfTicket(ticket));
        return viewOf(await this.take(upload, { request, place, signal }));
      }),
    );
  }

  /** The same bytes of the same owner are looked at one after the other: all but the first find the file that they have become. */
  private async take(upload: ClaimedUpload, sending: Sending): Promise<StoredFile> {
    const received = await this.orDiscard(upload, () => this.checking.receive(sending));
    return this.turns.take(`${upload.ownerId} ${received.sha256}`, async () => {
      const same = await this.orDiscard(upload, () => this.keeping.again(upload, received.sha256));
      if (same) return same;
      const content = await this.orDiscard(upload, () => this.checking.check(received, sending));
      return this.keeping.keep(upload, content, sending.signal);
    });
  }

  /** What was refused before it reached the store has left nothing but its row. */
  private async orDiscard<T>({ id }: ClaimedUpload, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.uploads.discard([id]);
      throw error;
    }
  }
}

/** The signal says that the sender is gone: nobody waits for the answer any more. */
async function whileConnected<T>({ socket }: IncomingMessage, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onClose = (): void => controller.abort();
  if (socket.destroyed) onClose();
  socket.once('close', onClose);
  try {
    return await work(controller.signal);
  } finally {
    socket.off('close', onClose);
  }
}
