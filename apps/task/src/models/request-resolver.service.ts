import { Injectable } from '@nestjs/common';
import { type CreateTask, findFile, Problem, type TaskImage } from '#contracts';
import { currentRequest, RpcClient } from '#messaging';
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
    private readonly rpc: RpcClient,
    private readonly config: TaskConfig,
    private readonly guard: AddressGuard,
  ) {}

  async resolve(request: CreateTask, now: Date): Promise<Task> {
    const id = request.model ?? this.config.DEFAULT_MODEL;
    const model = await this.models.find(id);
    if (!model) throw new Problem('model_not_found', `There is no model "${id}"; GET /models lists them`);
    checkInputs(request, model.offer);
    checkWebhookUrl(request.webhook_url, this.guard);
    await this.checkPictures(request.owner_id, request.images ?? []);
    return { ...newTask(request, model.offer, now, Math.random), requestId: currentRequest()?.requestId ?? null };
  }

  /** Every picture must be a picture of this account. */
  private async checkPictures(ownerId: string, images: TaskImage[]): Promise<void> {
    const missing = await Promise.all(images.map(({ file_id }) => this.isMissing(ownerId, file_id)));
    const errors = missing.flatMap((isMissing, index) =>
      isMissing ? [{ pointer: `/images/${index}/file_id`, message: 'no such picture' }] : [],
    );
    if (errors.length > 0) throw new Problem('file_not_found', undefined, { errors });
  }

  private async isMissing(ownerId: string, fileId: string): Promise<boolean> {
    try {
      const file = await this.rpc.call(findFile, { owner_id: ownerId, file_id: fileId });
      return !file.media_type.startsWith('image/');
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return true;
      throw error;
    }
  }
}
