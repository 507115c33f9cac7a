import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { AttemptsService } from '../attempts/attempts.service.js';
import { AllowancesService } from '../allowances/allowances.service.js';
import { ErasuresService } from '../erasures/erasures.service.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { KeyRotationService } from '../signing-keys/key-rotation.service.js';

const everyMs = 60_000;
/** A session that is over is kept for this long, with how it ended. */
const sessionsKeptForDays = 30;

/** What has to be done now and then, at the start and every minute. Several replicas do no harm; what fails is tried again. */
@Injectable()
export class UpkeepService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(UpkeepService.name);
  private readonly work = new RecurringWork(UpkeepService.name, everyMs, () => this.run());

  constructor(
    private readonly rotation: KeyRotationService,
    private readonly erasures: ErasuresService,
    private readonly sessions: SessionsRepository,
    private readonly attempts: AttemptsService,
    private readonly allowances: AllowancesService,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async run(): Promise<void> {
    const steps = [
      () => this.rotation.upkeep(),
      () => this.erasures.remind(),
      () => this.sessions.forget(sessionsKeptForDays),
      () => this.attempts.sweep(),
      () => this.allowances.sweep(),
    ];
    for (const step of steps) await step().catch((error: unknown) => this.logger.warn({ err: error }));
  }
}
