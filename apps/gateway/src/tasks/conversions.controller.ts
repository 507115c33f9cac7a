import { Controller, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Conversion, type TaskView } from '#contracts';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { answerCreatedTask, AnswersCreatedTask } from './answers-created-task.decorator.js';
import { TasksService } from './tasks.service.js';

/** What Swagger UI fills in: each can be sent as it is. */
const requestExamples = {
  printing: { value: { output_formats: ['3mf', 'stl'], size_mm: 80, up_axis: 'z' } },
  web: {
    value: { output_formats: ['glb'], target_polycount: 20_000, texture_resolution: 1024, compression: 'meshopt' },
  },
};

@ApiTags('generation')
@Controller('generate/:task_id/convert')
export class ConversionsController {
  constructor(private readonly tasks: TasksService) {}

  @Needs('generate')
  @Post()
  @Costs(10)
  @ApiOperation({
    summary: 'Makes further formats of the model of a finished task',
    description: 'This is a task of its own: it is waited for, canceled and fetched like any other.',
  })
  @AnswersCreatedTask()
  @Refuses(
    'not_found',
    'task_not_finished',
    'task_failed',
    'task_canceled',
    'task_expired',
    'payload_too_large',
    'unsupported_media_type',
    'invalid_parameters',
    'model_not_found',
    'file_not_found',
  )
  async convertTask(
    @Account() owner: string,
    @PathId('task_id') source: string,
    @JsonBody(Conversion, requestExamples) conversion: Conversion,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    return answerCreatedTask(await this.tasks.convert(owner, source, conversion, key), reply);
  }
}
