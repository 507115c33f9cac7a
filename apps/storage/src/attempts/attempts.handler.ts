import { Controller } from '@nestjs/common';
import {
  type AdoptArtifacts,
  adoptArtifacts,
  type AdoptedArtifacts,
  type AttemptFiles,
  type OpenAttempt,
  openAttempt,
} from '#contracts';
import { Handles } from '#messaging';
import { AdoptionService } from './adoption.service.js';
import { AttemptsService } from './attempts.service.js';

/** Answers for the attempts of tasks. */
@Controller()
export class AttemptsHandler {
  constructor(
    private readonly attempts: AttemptsService,
    private readonly adoption: AdoptionService,
  ) {}

  @Handles(openAttempt)
  open(request: OpenAttempt): Promise<AttemptFiles> {
    return this.attempts.open(request);
  }

  @Handles(adoptArtifacts)
  adopt(request: AdoptArtifacts): Promise<AdoptedArtifacts> {
    return this.adoption.adopt(request);
  }
}
