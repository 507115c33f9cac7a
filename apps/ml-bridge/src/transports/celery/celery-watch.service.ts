import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import type { Generation } from '../../generations/generation.js';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { WorkerEventsService } from '../../workers/worker-events.service.js';
import { CeleryAttemptsRepository } from './celery-attempts.repository.js';
import { CeleryBrokersService, type CeleryLine, type CeleryModel } from './celery-brokers.service.js';
import { revoke } from './messages/celery-control.js';
import { heartbeatOf } from './messages/celery-result.js';
import { taskIdOf } from './messages/celery-task.js';

const countEveryMs = 2000;
const lookForPoisonEveryMs = 1000;

/**
 * Asks the workers behind each broker who they are and what they are at: a worker that never reports keeps its lease as long as it
 * answers, and a message that would kill one after another is taken out of their way.
 */
@Injectable()
export class CeleryWatchService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CeleryWatchService.name);
  private readonly works: RecurringWork[];

  constructor(
    private readonly brokers: CeleryBrokersService,
    private readonly attempts: CeleryAttemptsRepository,
    private readonly events: WorkerEventsService,
    private readonly config: MlBridgeConfig,
  ) {
    this.works = [
      new RecurringWork(`${CeleryWatchService.name} slots`, countEveryMs, () => this.countAll()),
      new RecurringWork(`${CeleryWatchService.name} silent`, config.WORKER_HEARTBEAT_MS, () =>
        this.everywhere((line, models) => this.hearSilent(line, models)),
      ),
      new RecurringWork(`${CeleryWatchService.name} poison`, lookForPoisonEveryMs, () =>
        this.everywhere((line, models) => this.removePoison(line, models)),
      ),
    ];
  }

  onApplicationBootstrap(): void {
    for (const work of this.works) work.start();
    this.works[0]?.wake();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.works.map((work) => work.stop()));
  }

  private async countAll(): Promise<void> {
    await this.brokers.follow();
    await this.everywhere(({ workers }) => workers.refresh());
  }

  private async hearSilent(line: CeleryLine, models: CeleryModel[]): Promise<void> {
    const silent = await this.attempts.silentOf(
      models.map(({ id }) => id),
      this.config.WORKER_HEARTBEAT_MS / 2,
    );
    if (silent.length === 0) return;
    const active = await line.workers.activeAmong(silent.map(idOf));
    for (const generation of silent) {
      if (active.has(idOf(generation))) await this.hear(line, generation);
    }
  }

  private async hear({ broker }: CeleryLine, generation: Generation): Promise<void> {
    const { type } = await this.events.takeIn(heartbeatOf(generation, new Date()));
    if (type === 'stop') await broker.tell(revoke(idOf(generation)));
  }

  /** A queue that is read is left alone, but where a message of a list can be looked at without taking it. */
  private async removePoison({ broker, workers }: CeleryLine, models: CeleryModel[]): Promise<void> {
    for (const queue of new Set(models.map(({ settings }) => settings.queue))) {
      const state = await broker.look(queue);
      if (!state || state.waiting === 0) continue;
      const isRead = state.consumers !== null && state.consumers > 0 && workers.slotsOf(queue) > 0;
      const removed = isRead ? 0 : await broker.removePoison(queue, state.waiting);
      if (removed > 0) this.logger.error({ queue, removed, message: 'messages that would kill a worker' });
    }
  }

  /** With every broker that can be reached, at the same time. */
  private async everywhere(work: (line: CeleryLine, models: CeleryModel[]) => Promise<void>): Promise<void> {
    const done = this.brokers
      .linesWithModels()
      .filter(({ line, models }) => line.broker.reachable && models.length > 0)
      .map(({ line, models }) => work(line, models));
    const failed = (await Promise.allSettled(done)).find((it) => it.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

const idOf = ({ taskId: task_id, attempt }: Generation): string => taskIdOf({ task_id, attempt });
