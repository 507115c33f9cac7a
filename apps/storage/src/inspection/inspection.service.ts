import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Problem } from '#contracts';
import { Slots } from '../uploads/slots.js';
import { Inspector, type InspectorOptions, type Outcome } from './inspector.client.js';
import type { CleanPicture, Order } from './messages.js';

/** How many uploads are looked at at once; others wait for their turn. */
const inspectors = 2;

/** Looks at uploads where they can do no harm: in processes that may crash, hang or grow without anybody else noticing. */
@Injectable()
export class InspectionService implements OnApplicationShutdown {
  private readonly logger = new Logger(InspectionService.name);
  private readonly slots = new Slots(inspectors, Infinity);
  private readonly idle: Inspector[];
  private readonly all: Inspector[];

  constructor(options: InspectorOptions) {
    this.all = Array.from({ length: inspectors }, () => new Inspector(options));
    this.idle = [...this.all];
  }

  /** The picture that was written anew, null for a model; or the Problem that the upload is refused with. */
  async inspect(order: Order, signal: AbortSignal): Promise<CleanPicture | null> {
    const outcome = await this.slots.run(() => this.run(order, signal));
    if (outcome.type === 'accepted') return outcome.picture;
    throw this.problemOf(order.kind, outcome);
  }

  /** After the last upload is answered. */
  onApplicationShutdown(): void {
    for (const inspector of this.all) inspector.close();
  }

  private async run(order: Order, signal: AbortSignal): Promise<Outcome> {
    const inspector = this.idle.pop()!; // there are as many as slots
    try {
      return await inspector.run(order, signal);
    } finally {
      this.idle.push(inspector);
    }
  }

  private problemOf(kind: Order['kind'], outcome: Exclude<Outcome, { type: 'accepted' }>): Problem {
    const code = kind === 'picture' ? 'invalid_image' : 'invalid_model';
    switch (outcome.type) {
      case 'refused':
        return new Problem(code, outcome.reason, outcome.members ? { members: outcome.members } : {});
      case 'lost':
        this.logger.warn({ msg: 'an upload did its inspector in', kind, reason: outcome.how });
        return new Problem(code, `The ${kind} cannot be checked: ${outcome.how}`);
      case 'failed':
        this.logger.error({ msg: 'an upload could not be looked at', kind, reason: outcome.reason });
        return new Problem('service_unavailable', 'The upload cannot be checked just now', { retryAfter: 5 });
      case 'canceled':
        return new Problem('malformed_request', 'The upload was broken off');
    }
  }
}
