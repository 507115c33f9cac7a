import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { GenerationEntity } from '../../generations/generation.entity.js';
import type { Generation } from '../../generations/generation.js';

@Injectable()
export class CeleryAttemptsRepository {
  constructor(private readonly database: DataSource) {}

  /** Attempts of these models that a worker may be at, which was not heard for this long. */
  silentOf(models: string[], silentMs: number): Promise<Generation[]> {
    return this.database
      .createQueryBuilder(GenerationEntity, 'generation')
      .where({ model: In(models), status: In(['dispatched', 'accepted']) })
      .andWhere("(finishing IS NULL OR finishing ->> 'raw' IS NULL)")
      .andWhere("coalesce(heard_at, created_at) < now() - :silentMs * interval '1 millisecond'", { silentMs })
      .andWhere("created_at > now() - interval '1 day'")
      .getMany();
  }
}
