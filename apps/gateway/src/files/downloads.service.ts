import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type OpenDownload, openDownload } from '#contracts';
import { RpcClient } from '#messaging';
import { answerDownload, type DownloadAnswer } from './download.js';
import { DownloadClient } from './download.client.js';

/** Answers a request with the bytes of a file, straight from the store, or with an address at which the store gives them. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly client: DownloadClient,
  ) {}

  /** Resolves when the answer has left, or the client has. */
  async send(asked: OpenDownload, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { file, download_url, public_url } = await this.rpc.call(openDownload, asked);
    const answer = answerDownload(file, request, asked.redirect ? public_url : undefined);
    if (answer.bytes !== null) return this.pass(download_url, answer, reply);
    void reply.status(answer.status).headers(answer.headers).send();
  }

  private async pass(url: string, { status, headers, bytes }: DownloadAnswer, reply: FastifyReply): Promise<void> {
    const source = await this.client.open(url, bytes!, Number(headers['content-length']));
    // Fastify keeps the pace of the client, destroys the source when the client goes, and the connection when the source fails
    void reply.status(status).headers(headers).send(source);
    await finished(reply.raw).catch(() => {});
  }
}
