import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Attempt, generationCanceled } from '#contracts';
import { announce } from '#persistence';
import type { Job } from '#worker-contract';
import { isOver } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { JobsBell } from './jobs-bell.service.js';
import { JobsRepository } from './jobs.repository.js';

/** Puts jobs where they wait to be fetched, and takes them away again. */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly jobs: JobsRepository,
    private readonly bell: JobsBell,
  ) {}

  async put(pool: string, job: Job, lifetimeMs: number): Promise<void> {
    await this.jobs.put(pool, job, lifetimeMs);
    this.bell.ring(pool);
  }

  /** A job that nobody has taken is not begun any more: its attempt is over at once. With one that was taken nothing happens. */
  async withdraw(attempt: Attempt): Promise<void> {
    await this.database.transaction(async (tx) => {
      const generation = await this.generations.lock(tx, attempt);
      if (!generation || !(await this.jobs.removeUntaken(tx, attempt)) || isOver(generation)) return;
      await this.generations.save(tx, { ...generation, status: 'canceled' });
      await announce(tx, generationCanceled, { task_id: attempt.task_id, attempt: attempt.attempt });
    });
  }
}
