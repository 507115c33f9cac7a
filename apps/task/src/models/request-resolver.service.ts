import { Injectable } from '@nestjs/common';
import { type CreateTask, Problem } from '#contracts';
import { currentRequest } from '#messaging';
import { InputFilesService } from '../inputs/input-files.service.js';
import { TaskConfig } from '../task.config.js';
import type { Task } from '../tasks/task.js';
import { AddressGuard } from '../webhooks/address-guard.js';
import { checkWebhookUrl } from '../webhooks/webhook-url.js';
import { ModelsRepository } from './models.repository.js';
import { checkInputs, newTask } from './task-request.js';

/** Turns what a client asked for into a task that its model can run, or refuses it by name. */
@Injectable()
export class RequestResolver {
  constructor(
    private readonly models: ModelsRepository,
    private readonly files: InputFilesService,
    private readonly config: TaskConfig,
    private readonly guard: AddressGuard,
  ) {}

  /** The files of the task are held when this resolves, and not when it rejects. */
  async resolve(request: CreateTask, now: Date): Promise<Task> {
    const id = request.model ?? this.config.DEFAULT_MODEL;
    const model = await this.models.find(id);
    if (!model) throw new Problem('model_not_found', `There is no model "${id}"; GET /models lists them`);
    checkInputs(request, model.offer);
    checkWebhookUrl(request.webhook_url, this.guard);
    const task = newTask(request, model.offer, now, Math.random);
    await this.files.hold(task);
    return { ...task, requestId: currentRequest()?.requestId ?? null };
  }
}
