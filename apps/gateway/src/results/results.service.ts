import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findTask, type TaskOfOwner } from '#contracts';
import { RpcClient } from '#messaging';
import { DownloadsService } from '../files/downloads.service.js';
import { resultOf } from './result.js';

/** Answers with the model a task made. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly downloads: DownloadsService,
  ) {}

  async send(asked: TaskOfOwner & { redirect: boolean }, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { owner_id, task_id, redirect } = asked;
    const task = await this.rpc.call(findTask, { owner_id, task_id });
    const { format } = request.query as { format?: unknown };
    const { file_id } = resultOf(task, format);
    await this.downloads.send({ owner_id, file_id, redirect }, request, reply);
  }
}
