import { Body, Controller, Get, Head, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cancelTask, findTask, modelFormats, NewTask, TaskView } from '#contracts';
import { RpcClient } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { AnswersBytes } from '../files/answers-bytes.decorator.js';
import type { FormParts } from '../forms/form-part.js';
import { OptionalForm } from '../forms/form.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { NewTaskForm } from './new-task-form.view.js';
import { ResultsService } from './results.service.js';
import { TasksService } from './tasks.service.js';

/** What Swagger UI fills in: each can be sent as it is, the second with a file of one's own. */
const requestExamples = {
  prompt: { value: { prompt: 'a red ceramic mug', output_formats: ['glb'] } },
  picture: {
    value: {
      images: [{ file_id: '01a20000-0000-7000-8000-000000000000', view: 'front' }],
      params: { seed: 42, target_polycount: 20_000 },
      output_formats: ['glb', 'obj', 'fbx'],
    },
  },
};

@ApiTags('generation')
@Controller('generate')
export class TasksController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly tasks: TasksService,
    private readonly results: ResultsService,
  ) {}

  @Needs('generate')
  @Post()
  @Costs(10)
  @HttpCode(202)
  @ApiOperation({ summary: 'Asks for a 3D model from a prompt, from pictures, or from both' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiBody({ type: NewTask, examples: requestExamples })
  @ApiExtraModels(NewTaskForm)
  @ApiAcceptedResponse({ type: TaskView, headers: { Location: { schema: { type: 'string' } } } })
  @Refuses(
    'payload_too_large',
    'file_too_large',
    'unsupported_media_type',
    'invalid_parameters',
    'parameter_not_supported',
    'prompt_or_image_required',
    'model_not_found',
    'file_not_found',
    'too_many_queued_tasks',
    'service_unavailable',
  )
  async createTask(
    @Account() owner: string,
    @OptionalForm() form: FormParts | null,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    const { task } = await (form ? this.tasks.createFromForm(owner, form) : this.tasks.create(owner, body));
    void reply.header('location', `/generate/${task.task_id}`);
    return task;
  }

  @Needs('generate')
  @Get(':task_id')
  @ApiOperation({ summary: 'How far a task is' })
  @ApiOkResponse({ type: TaskView })
  @Refuses('not_found')
  readTask(@Account() owner_id: string, @PathId('task_id') task_id: string): Promise<TaskView> {
    return this.rpc.call(findTask, { owner_id, task_id });
  }

  // before GET: the router would otherwise make a HEAD of its own that fetches the bytes only to drop them
  @Needs('generate')
  @Head(':task_id/result')
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
  @Get(':task_id/result')
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

  @Needs('generate')
  @Post(':task_id/cancel')
  @ApiOperation({ summary: 'Ends a task; asking again changes nothing' })
  @ApiAcceptedResponse({ type: TaskView, description: 'It is being canceled, or is' })
  @ApiOkResponse({ type: TaskView, description: 'It was canceled before' })
  @Refuses('not_found', 'task_already_finished')
  async cancelTask(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    const { changed, task } = await this.rpc.call(cancelTask, { owner_id, task_id });
    void reply.status(changed ? 202 : 200);
    return task;
  }
}
