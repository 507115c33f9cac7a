import { Injectable } from '@nestjs/common';
import { autoModel, type CreateTask, type ModelOffer, Problem } from '#contracts';
import { currentOrigin } from '#telemetry';
import { InputFilesService } from '../inputs/input-files.service.js';
import { TaskConfig } from '../task.config.js';
import type { Task } from '../tasks/task.js';
import { AddressGuard } from '../webhooks/address-guard.js';
import { checkWebhookUrl } from '../webhooks/webhook-url.js';
import { type Circumstances, choose, inOrderOfChoice, takeTurns } from './choice.js';
import { ModelsRepository } from './models.repository.js';
import { wrongInput } from './task-request.js';

/** Turns what a client asked for into a task that its model, and each that may take it over, can run; or refuses it by name. */
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
    const task = await this.taskOf(request, { now, random: Math.random });
    checkWebhookUrl(request.webhook_url, this.guard);
    await this.files.hold(task);
    return { ...task, ...currentOrigin() };
  }

  private async taskOf(request: CreateTask, circumstances: Circumstances): Promise<Task> {
    const { fallback_models: fallbacks = [] } = request;
    const model = request.model ?? this.config.DEFAULT_MODEL;
    if (model !== autoModel) return takeTurns(request, await this.named(model, fallbacks), circumstances);
    if (fallbacks.length > 0) throw wrongInput('/fallback_models', '`auto` chooses its own');
    return choose(request, inOrderOfChoice(await this.models.listWithDepth(), circumstances.now), circumstances);
  }

  /** What these models offer, in their order. */
  private async named(model: string, fallbacks: string[]): Promise<ModelOffer[]> {
    const found = new Map((await this.models.listSome([model, ...fallbacks])).map(({ id, offer }) => [id, offer]));
    const first = found.get(model);
    if (!first) throw new Problem('model_not_found', `There is no model "${model}"; GET /models lists them`);
    const others = fallbacks.map((id, index) => {
      const pointer = `/fallback_models/${index}`;
      if (id === model || id === autoModel) throw wrongInput(pointer, 'must be another model');
      const offer = found.get(id);
      if (!offer) throw wrongInput(pointer, `there is no model "${id}"; GET /models lists them`, 'model_not_found');
      return offer;
    });
    return [first, ...others];
  }
}
