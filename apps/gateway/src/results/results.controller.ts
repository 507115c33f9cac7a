import { Controller, Get, Head, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { modelFormats } from '#contracts';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { AnswersBytes, DescribesBytes } from '../files/answers-bytes.decorator.js';
import { WantsRedirect } from '../files/wants-redirect.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { ResultsService } from './results.service.js';

const refusals = [
  'not_found',
  'format_not_available',
  'task_not_finished',
  'task_failed',
  'task_canceled',
  'task_expired',
] as const;

@ApiTags('generation')
@Controller('generate/:task_id/result')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  // before GET: the router would otherwise make a HEAD of its own that fetches the bytes only to drop them
  @Needs('generate')
  @Head()
  @Costs(2)
  @DescribesBytes()
  @ApiQuery({ name: 'format', required: false, enum: modelFormats })
  @Refuses(...refusals)
  async describeResult(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @WantsRedirect() redirect: boolean,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.send({ owner_id, task_id, redirect }, request, reply);
  }

  @Needs('generate')
  @Get()
  @Costs(2)
  @AnswersBytes('The model that a task made')
  @ApiQuery({ name: 'format', required: false, enum: modelFormats, description: 'By default the first asked for' })
  @Refuses(...refusals)
  async downloadResult(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @WantsRedirect() redirect: boolean,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.send({ owner_id, task_id, redirect }, request, reply);
  }
}
