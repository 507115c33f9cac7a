import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { GenerationsRepository } from './generations.repository.js';

const sweepEveryMs = 3_600_000;
const keptForDays = 7;

/** Forgets the attempts of a week ago, at the start and every hour; several replicas do no harm. */
@Injectable()
export class GenerationsSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(GenerationsSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(private readonly generations: GenerationsRepository) {}

  onApplicationBootstrap(): void {
    this.sweeping = this.sweep();
    this.timer = setInterval(() => {
      this.sweeping = this.sweep();
    }, sweepEveryMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    try {
      const forgotten = await this.generations.forget(keptForDays);
      if (forgotten > 0) this.logger.log({ forgotten });
    } catch (error) {
      this.logger.warn({ err: error });
    }
  }
}
