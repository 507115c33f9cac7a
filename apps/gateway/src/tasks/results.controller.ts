import { Controller, Get, Head, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { modelFormats } from '#contracts';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { AnswersBytes } from '../files/answers-bytes.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { ResultsService } from './results.service.js';

@ApiTags('generation')
@Controller('generate/:task_id/result')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  // before GET: the router would otherwise make a HEAD of its own that fetches the bytes only to drop them
  @Needs('generate')
  @Head()
  @Costs(2)
  @ApiOperation({ summary: 'What GET would answer, without the bytes' })
  @ApiQuery({ name: 'format', required: false, enum: modelFormats })
  @ApiOkResponse()
  async describeResult(
    @Account() owner: string,
    @PathId('task_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.send(owner, id, request, reply);
  }

  @Needs('generate')
  @Get()
  @Costs(2)
  @AnswersBytes('The model that a task made')
  @ApiQuery({ name: 'format', required: false, enum: modelFormats, description: 'By default the first asked for' })
  @Refuses('not_found', 'format_not_available', 'task_not_finished', 'task_failed', 'task_canceled', 'task_expired')
  async downloadResult(
    @Account() owner: string,
    @PathId('task_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.send(owner, id, request, reply);
  }
}
