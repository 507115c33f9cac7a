import { Injectable, Logger } from '@nestjs/common';
import type { ArtifactReport } from '#worker-contract';
import { faultOf, rawOutput } from '../finishing/finishing.js';
import { type AttemptEvent, type AttemptFailure, failureOf, taskErrorOf } from '../generations/attempt-failure.js';
import { type Generation, isFinishing } from '../generations/generation.js';
import { type Adoption, AdoptionService } from './adoption.service.js';

/** What a worker's last word about an attempt comes to. */
export type Conclusion =
  | Adoption
  /** The engine has brought its GLB, which is to be finished. */
  | { type: 'delivered'; raw: ArtifactReport }
  /** Another finisher is to try. */
  | { type: 'handedBack' };

/** Decides how an attempt ends. */
@Injectable()
export class ConclusionsService {
  private readonly logger = new Logger(ConclusionsService.name);

  constructor(private readonly adoption: AdoptionService) {}

  /** null while it goes on, or was stopped. */
  async conclude(generation: Generation, event: AttemptEvent): Promise<Conclusion | null> {
    if (event.type === 'failed' && event.error) return this.failed(generation, event, event.error);
    if (event.type !== 'succeeded') return null;
    const artifacts = event.artifacts ?? [];
    if (!generation.finishing || isFinishing(generation)) return this.adoption.adopt(generation, artifacts);
    const raw = artifacts.find(({ name, format }) => name === rawOutput.name && format === rawOutput.format);
    return raw ? { type: 'delivered', raw } : failure(failureOf('output_rejected'), generation.stage);
  }

  private failed(generation: Generation, event: AttemptEvent, error: AttemptFailure): Conclusion {
    const { task_id, attempt, worker_id, stage } = event;
    this.logger.log({ task_id, attempt, worker_id, code: error.code, detail: error.detail });
    if (!isFinishing(generation)) return failure(error, stage ?? generation.stage);
    const fault = faultOf(generation, error);
    if (fault === 'again') return { type: 'handedBack' };
    return failure(fault === 'raw' ? failureOf('output_rejected') : error, generation.stage);
  }
}

const failure = (reason: AttemptFailure, stage: string | null): Conclusion => ({
  type: 'failed',
  error: taskErrorOf(reason, stage),
});
