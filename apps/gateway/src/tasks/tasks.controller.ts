import { Body, Controller, Delete, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { cancelTask, NewTask, PageOf, removeTask, TaskPage, taskStatuses, TaskView } from '#contracts';
import { RpcClient } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import type { FormParts } from '../forms/form-part.js';
import { OptionalForm } from '../forms/form.decorator.js';
import { Page } from '../http/page.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { answerCreatedTask, AnswersCreatedTask } from './answers-created-task.decorator.js';
import { NewTaskForm } from './new-task-form.view.js';
import { WaitSeconds } from '../watching/wait-seconds.decorator.js';
import { WaitsService } from '../watching/waits.service.js';
import { TasksService } from './tasks.service.js';

/** What Swagger UI fills in: each can be sent as it is, those with a `file_id` once that is a file of one's own. */
const requestExamples = {
  prompt: { value: { prompt: 'a red ceramic mug', output_formats: ['glb'] } },
  picture: {
    value: {
      images: [{ file_id: '01a20000-0000-7000-8000-000000000000', view: 'front' }],
      params: { seed: 42, target_polycount: 20_000 },
      output_formats: ['glb', 'obj', 'fbx'],
    },
  },
  auto: { value: { model: 'auto', prompt: 'a red ceramic mug', params: { target_polycount: 10_000 } } },
  mesh: {
    value: {
      model: 'convert',
      mesh: { file_id: '01a20000-0000-7000-8000-000000000000' },
      output_formats: ['stl', '3mf'],
    },
  },
};

@ApiTags('generation')
@Controller('generate')
export class TasksController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly tasks: TasksService,
    private readonly waits: WaitsService,
  ) {}

  @Needs('generate')
  @Post()
  @Costs(10)
  @ApiOperation({ summary: 'Asks for a 3D model from a prompt, from pictures, from both, or from another model' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiBody({ type: NewTask, examples: requestExamples })
  @ApiExtraModels(NewTaskForm)
  @AnswersCreatedTask()
  @Refuses(
    'payload_too_large',
    'file_too_large',
    'unsupported_media_type',
    'invalid_parameters',
    'parameter_not_supported',
    'prompt_or_image_required',
    'model_not_found',
    'file_not_found',
    'invalid_image',
    'invalid_model',
    'storage_quota_exceeded',
  )
  async createTask(
    @Account() owner: string,
    @OptionalForm() form: FormParts | null,
    @Body() body: unknown,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    const creation = form ? this.tasks.createFromForm(owner, form, key) : this.tasks.create(owner, body, key);
    return answerCreatedTask(await creation, reply);
  }

  @Needs('generate')
  @Get()
  @ApiOperation({ summary: "The account's tasks, newest first" })
  @ApiQuery({ name: 'status', required: false, enum: taskStatuses, enumName: 'TaskStatus', description: 'Only these' })
  @ApiOkResponse({ type: TaskPage })
  @Refuses('service_unavailable')
  listTasks(@Account() owner: string, @Page() page: PageOf, @Query('status') status: unknown): Promise<TaskPage> {
    return this.tasks.list(owner, page, status);
  }

  @Needs('generate')
  @Get(':task_id')
  @ApiOperation({ summary: 'How far a task is' })
  @ApiOkResponse({ type: TaskView })
  @Refuses('not_found', 'service_unavailable')
  readTask(
    @Account() owner_id: string,
    @PathId('task_id') task_id: string,
    @WaitSeconds() seconds: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    return this.waits.read({ owner_id, task_id }, seconds, reply.raw);
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

  @Needs('generate')
  @Delete(':task_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a task and its files for good; one that has not ended is canceled first' })
  @ApiNoContentResponse()
  @Refuses('not_found', 'service_unavailable')
  async removeTask(@Account() owner_id: string, @PathId('task_id') task_id: string): Promise<void> {
    await this.rpc.call(removeTask, { owner_id, task_id });
  }
}
