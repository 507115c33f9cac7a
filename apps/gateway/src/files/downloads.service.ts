import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openDownload } from '#contracts';
import { RpcClient } from '#messaging';
import { answerDownload } from './download.js';
import { DownloadClient } from './download.client.js';

/** Answers a request with the bytes of a file, straight from the store. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly client: DownloadClient,
  ) {}

  /** Resolves when the answer has left, or the client has. */
  async send(owner_id: string, file_id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { file, download_url } = await this.rpc.call(openDownload, { owner_id, file_id });
    const { status, headers, bytes } = answerDownload(file, request);
    if (bytes === null) {
      void reply.status(status).headers(headers).send();
      return;
    }
    const source = await this.client.open(download_url, bytes, Number(headers['content-length']));
    // Fastify keeps the pace of the client, destroys the source when the client goes, and the connection when the source fails
    void reply.status(status).headers(headers).send(source);
    await finished(reply.raw).catch(() => {});
  }
}
