import { Controller, Get, Head, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TaskView } from '#contracts';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { LastEventId } from './last-event-id.decorator.js';
import { TaskEventsService } from './task-events.service.js';

const nothingMore = 'The task has ended and `Last-Event-ID` is its last event: there is nothing to come back for';

@ApiTags('generation')
@Controller('generate/:task_id/events')
export class TaskEventsController {
  constructor(private readonly events: TaskEventsService) {}

  // before GET: the router would otherwise make a HEAD of its own that opens a stream
  @Needs('generate')
  @Head()
  @ApiOperation({ summary: 'What GET would answer, without the stream' })
  @ApiOkResponse()
  @ApiNoContentResponse({ description: nothingMore })
  async describeEvents(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @LastEventId() after: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.describe({ owner_id, task_id }, after, reply);
  }

  @Needs('generate')
  @Get()
  @ApiOperation({
    summary: 'What happens to a task, as it happens',
    description:
      'Server-sent events: the first is the task as it is, or with `Last-Event-ID` whatever came after that event; each has the ' +
      'name `task`, a number as its id, and the task in one line of JSON. The stream ends after the final state, when the token has ' +
      'expired or is taken back, and when the gateway leaves: come back with the id of the last event you have, to any gateway. ' +
      'A comment comes every 15 seconds.',
  })
  @ApiOkResponse({
    description: 'Frames `id: 7`, `event: task`, `data: {…}`; the schema is that of the data',
    content: { 'text/event-stream': { schema: { $ref: getSchemaPath(TaskView) } } },
  })
  @ApiNoContentResponse({ description: nothingMore })
  @Refuses('not_found', 'service_unavailable')
  async followTask(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @LastEventId() after: number | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.send({ owner_id, task_id }, after, request, reply);
  }
}
