import { Controller } from '@nestjs/common';
import {
  taskCancelRequested,
  type TaskCancelRequested,
  type TaskDispatched,
  taskDispatched,
  type TaskOfOwner,
  taskRemoved,
} from '#contracts';
import { On } from '#messaging';
import { GenerationsService } from './generations.service.js';

@Controller()
export class GenerationsHandler {
  constructor(private readonly generations: GenerationsService) {}

  @On(taskDispatched)
  dispatched(task: TaskDispatched): Promise<void> {
    return this.generations.start(task);
  }

  @On(taskCancelRequested)
  cancelRequested(request: TaskCancelRequested): Promise<void> {
    return this.generations.cancel(request);
  }

  @On(taskRemoved)
  removed(task: TaskOfOwner): Promise<void> {
    return this.generations.forget(task);
  }
}
