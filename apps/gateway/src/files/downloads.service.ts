import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type OpenDownload, openDownload } from '#contracts';
import { RpcClient } from '#messaging';
import { GatewayConfig } from '../gateway.config.js';
import { TransfersService } from '../transfers/transfers.service.js';
import { answerDownload, type DownloadAnswer } from './download.js';
import { DownloadClient } from './download.client.js';

/** Answers a request with the bytes of a file, straight from the store, or with an address at which the store gives them. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly client: DownloadClient,
    private readonly transfers: TransfersService,
    private readonly config: GatewayConfig,
  ) {}

  /** Resolves when the answer has left, or the client has. */
  async send(asked: OpenDownload, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { file, download_url, public_url } = await this.rpc.call(openDownload, asked);
    const answer = answerDownload(file, request, asked.redirect ? public_url : undefined);
    if (answer.bytes === null) return void reply.status(answer.status).headers(answer.headers).send();
    await this.transfers.download(asked.owner_id, () => this.pass(download_url, answer, reply));
  }

  /** Passes bytes on at the pace of the client, for as long as it takes some. */
  private async pass(url: string, { status, headers, bytes }: DownloadAnswer, reply: FastifyReply): Promise<void> {
    const { raw } = reply;
    const length = Number(headers['content-length']);
    const source = await this.client.open({ url, range: bytes!, length, gone: whenClosed(raw) });
    raw.setTimeout(this.config.TRANSFER_IDLE_SECONDS * 1000, () => raw.socket?.resetAndDestroy());
    // Fastify destroys the source when the client goes, and the connection when the source fails
    void reply.status(status).headers(headers).send(source);
    await finished(raw).catch(() => {});
  }
}

function whenClosed(response: FastifyReply['raw']): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return closed.signal;
}
