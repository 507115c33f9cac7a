import { Injectable } from '@nestjs/common';
import type { ErasureFinding } from '#persistence';
import { isOver } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { TransportsService } from '../transports/transports.service.js';

const portion = 100;

/** Removes the attempts of an erased account. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly generations: GenerationsRepository,
    private readonly transports: TransportsService,
  ) {}

  /** Workers are told before their attempts are forgotten. One that misses it holds an unknown attempt: it is told at its next report. */
  async eraseSome(ownerId: string): Promise<ErasureFinding> {
    const generations = await this.generations.someOf(ownerId, portion);
    if (generations.length === 0) return 'nothing';
    for (const generation of generations.filter((it) => !isOver(it))) {
      await this.transports.cancel(generation, 'user');
    }
    await this.generations.remove(generations);
    return 'removed';
  }
}
