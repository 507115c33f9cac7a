import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { GenerationsRepository } from './generations.repository.js';

const sweepEveryMs = 3_600_000;
const keptForDays = 7;

/** Forgets the attempts of a week ago, at the start and every hour; several replicas do no harm. */
@Injectable()
export class GenerationsSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(GenerationsSweeper.name);
  private readonly work = new RecurringWork(GenerationsSweeper.name, sweepEveryMs, () => this.sweep());

  constructor(private readonly generations: GenerationsRepository) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  async sweep(): Promise<void> {
    const forgotten = await this.generations.forget(keptForDays);
    if (forgotten > 0) this.logger.log({ forgotten });
  }
}
