import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { listTaskEvents, Problem, type TaskEvents, type TaskOfOwner } from '#contracts';
import { RpcClient } from '#messaging';
import { currentRequest, withRequest } from '#telemetry';
import { CallerCheckService } from '../access/caller-check.service.js';
import { pageSize, TaskStream, whileTaken } from './task-stream.js';
import { WatchesService } from './watches.service.js';

/** The connection is of no use to another request: it has been in use for minutes, and may belong to a gateway that leaves. */
const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
  connection: 'close',
};

/** Answers with what happens to a task, as it happens. */
@Injectable()
export class TaskEventsService {
  private readonly logger = new Logger('events');

  constructor(
    private readonly rpc: RpcClient,
    private readonly watches: WatchesService,
    private readonly callers: CallerCheckService,
  ) {}

  /** The head of the answer, without a stream. */
  async describe(task: TaskOfOwner, after: number | undefined, reply: FastifyReply): Promise<void> {
    const first = await this.rpc.call(listTaskEvents, { ...task, after, limit: 1 });
    if (isOver(first)) void reply.status(204).send();
    else void reply.headers(streamHeaders).send();
  }

  /** Resolves when the stream has ended, or the client has left. What is refused is refused before any of it is sent. */
  async send(
    task: TaskOfOwner,
    after: number | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const context = currentRequest() ?? { requestId: request.id };
    const watch = this.watches.begin(task.owner_id, task.task_id);
    const read = (last?: number): Promise<TaskEvents> =>
      withRequest(context, () => this.rpc.call(listTaskEvents, { ...task, after: last, limit: pageSize }));
    try {
      const first = await read(after);
      if (isOver(first)) return void reply.status(204).send();
      const stream = new TaskStream({ watch, read, check: this.callers.checkOf(request, 'generate') }, after);
      // Fastify keeps the pace of the client, and destroys the source when the client goes
      const frames = whileTaken(stream.frames(first), () => reply.raw.destroy());
      void reply.headers(streamHeaders).send(Readable.from(this.untilRefused(frames)));
      await finished(reply.raw).catch(() => {});
    } finally {
      watch.end();
    }
  }

  /** Whatever ends the frames early ends the stream, like a connection that broke: the client comes back and is told then. */
  private async *untilRefused(frames: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
    try {
      yield* frames;
    } catch (error) {
      if (!(error instanceof Problem)) this.logger.error(error);
    }
  }
}

/** All has been told: an empty answer without a body tells an EventSource not to come back (WHATWG HTML §9.2.3). */
const isOver = ({ events, complete }: TaskEvents): boolean => complete && events.length === 0;
