import type { LoggerService } from '@nestjs/common';
import type { MessageProperties } from 'amqplib';
import { deadlineOf } from './envelope.js';

const logEveryMs = 10_000;

/** Knows which messages came too late to be begun, and says so in the log now and then: when there is one, there are many. */
export class LateMessages {
  private count = 0;
  private loggedAt = -Infinity;

  constructor(private readonly logger: Pick<LoggerService, 'warn'>) {}

  /** Whether nobody has a use for the message any more. */
  isLate(properties: MessageProperties, now = Date.now()): boolean {
    const deadline = deadlineOf(properties);
    if (deadline === undefined || now < deadline) return false;
    this.count++;
    if (now - this.loggedAt >= logEveryMs) {
      const about = { message_type: properties.type as unknown, late_ms: now - deadline, since_last_log: this.count };
      this.logger.warn({ msg: 'not begun: the deadline had passed', ...about });
      this.count = 0;
      this.loggedAt = now;
    }
    return true;
  }
}
