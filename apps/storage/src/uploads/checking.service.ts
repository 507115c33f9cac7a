import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import { InspectionService } from '../inspection/inspection.service.js';
import type { Order } from '../inspection/messages.js';
import { type ContentType, contentTypeOf, headBytes, isPicture } from '../inspection/sniff.js';
import { S3Client } from '../objects/s3.client.js';
import { StorageConfig } from '../storage.config.js';
import { type ReceivedFile, receiveFile, tooLarge } from '../spooling/received-file.js';
import type { Place } from '../spooling/spool.service.js';

/** A sender that stands still for so long has gone without a word. */
const stallMs = 30_000;

/** An upload under way, and where it goes. */
export interface Sending {
  request: IncomingMessage;
  place: Place;
  /** The sender is gone. */
  signal: AbortSignal;
}

/** What is to be stored: for a picture what was made of the bytes that were sent, for a model those themselves. */
export interface CheckedContent {
  path: string;
  mediaType: ContentType;
  sizeBytes: number;
  sha256: string;
  width: number | null;
  height: number | null;
  /** Of the bytes as they were sent. */
  sentSha256: string;
}

/** Takes the bytes of an upload, and decides what they are. */
@Injectable()
export class CheckingService {
  constructor(
    private readonly store: S3Client,
    private readonly inspection: InspectionService,
    private readonly config: StorageConfig,
  ) {}

  /** Nothing is read that could not be stored anyway. */
  async receive({ request, place }: Sending): Promise<ReceivedFile> {
    const { UPLOAD_MAX_BYTES: maxBytes, UPLOAD_TIMEOUT_MS: timeoutMs } = this.config;
    await this.store.expectToAnswer();
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    return receiveFile(request, place.write, { maxBytes, timeoutMs, stallMs, headBytes });
  }

  /** A picture in one of our formats or a model, by its content alone; refused with a Problem that says what is wrong with it. */
  async check(received: ReceivedFile, { place, signal }: Sending): Promise<CheckedContent> {
    const mediaType = contentTypeOf(received.head);
    if (!mediaType) {
      throw new Problem('unsupported_media_type', 'Only PNG, JPEG and WebP pictures and GLB models are accepted');
    }
    const picture = await this.inspection.inspect(this.orderFor(mediaType, place), signal);
    const { sizeBytes, sha256 } = picture ?? received;
    return {
      path: picture ? place.made : place.received,
      mediaType,
      sizeBytes,
      sha256,
      width: picture?.width ?? null,
      height: picture?.height ?? null,
      sentSha256: received.sha256,
    };
  }

  private orderFor(mediaType: ContentType, { received: path, made: output }: Place): Order {
    if (!isPicture(mediaType)) return { kind: 'model', path };
    return { kind: 'picture', path, output, mediaType, maxPixels: this.config.MAX_IMAGE_PIXELS };
  }
}
