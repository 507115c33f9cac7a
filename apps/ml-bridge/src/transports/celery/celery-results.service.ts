import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Turns } from '#runtime';
import { ContractViolation } from '#worker-contract';
import { isFinishing, isOver } from '../../generations/generation.js';
import { GenerationsRepository } from '../../generations/generations.repository.js';
import { WorkerEventsService } from '../../workers/worker-events.service.js';
import { CeleryBrokersService, type CeleryLine } from './celery-brokers.service.js';
import { revoke } from './messages/celery-control.js';
import { type CeleryResult, eventOf, goesOn, parseResult } from './messages/celery-result.js';
import { attemptOf } from './messages/celery-task.js';

/** Takes in what Celery workers say of their tasks. Whoever is at a task that is over is told to stop it. */
@Injectable()
export class CeleryResultsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CeleryResultsService.name);
  private readonly turns = new Turns();

  constructor(
    private readonly brokers: CeleryBrokersService,
    private readonly generations: GenerationsRepository,
    private readonly events: WorkerEventsService,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.brokers.start((line, body) => this.takeIn(line, body));
  }

  onModuleDestroy(): Promise<void> {
    return this.brokers.stopReading();
  }

  private takeIn(line: CeleryLine, body: string): Promise<void> {
    const result = parseResult(body);
    return this.turns.take(result.taskId, () => this.heard(line, result));
  }

  private async heard(line: CeleryLine, result: CeleryResult): Promise<void> {
    const isWanted = await this.isWanted(result);
    if (!isWanted && goesOn(result)) await this.stop(line, result.taskId);
  }

  /** Takes it in; whether the worker may go on. */
  private async isWanted(result: CeleryResult): Promise<boolean> {
    const attempt = attemptOf(result.taskId);
    if (!attempt) throw new ContractViolation(`${result.taskId} is no task of ours`);
    const generation = await this.generations.find(attempt);
    if (!generation || isOver(generation) || isFinishing(generation)) return false;
    const event = eventOf(result, generation, new Date());
    return !event || (await this.events.takeIn(event)).type !== 'stop';
  }

  /** Best effort: it will report again. */
  private async stop({ broker }: CeleryLine, taskId: string): Promise<void> {
    await broker.tell(revoke(taskId)).catch((error: Error) => this.logger.warn(error.message));
  }
}
