import { Controller } from '@nestjs/common';
import {
  type Attempt,
  generationAccepted,
  generationCanceled,
  type GenerationFailed,
  generationFailed,
  type GenerationProgressed,
  generationProgressed,
  type GenerationSucceeded,
  generationSucceeded,
} from '#contracts';
import { type Delivery, On } from '#messaging';
import { GenerationsService } from './generations.service.js';

@Controller()
export class GenerationsHandler {
  constructor(private readonly generations: GenerationsService) {}

  @On(generationAccepted)
  accepted(report: Attempt, { id }: Delivery): Promise<void> {
    return this.generations.report(id, report, { type: 'accept', leaseMs: this.generations.leaseMs });
  }

  @On(generationProgressed)
  progressed(report: GenerationProgressed, { id }: Delivery): Promise<void> {
    const { percent, stage } = report;
    return this.generations.report(id, report, {
      type: 'advance',
      percent,
      stage,
      leaseMs: this.generations.leaseMs,
    });
  }

  @On(generationSucceeded)
  succeeded(report: GenerationSucceeded, { id }: Delivery): Promise<void> {
    const { artifacts, quality_report: qualityReport } = report;
    return this.generations.report(id, report, { type: 'succeed', artifacts, qualityReport });
  }

  @On(generationFailed)
  failed(report: GenerationFailed, { id }: Delivery): Promise<void> {
    return this.generations.report(id, report, {
      type: 'fail',
      error: report.error,
      maxFailures: this.generations.maxFailures,
    });
  }

  @On(generationCanceled)
  canceled(report: Attempt, { id }: Delivery): Promise<void> {
    return this.generations.stopped(id, report);
  }
}
