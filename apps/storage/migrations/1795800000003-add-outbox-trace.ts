import type { MigrationInterface } from 'typeorm';
import { addOutboxTrace, dropOutboxTrace } from '#persistence';

/** Facts in the outbox know the trace that they belong to, and since when they wait. */
export class AddOutboxTrace1795800000003 implements MigrationInterface {
  readonly name = 'AddOutboxTrace1795800000003';
  readonly up = addOutboxTrace;
  readonly down = dropOutboxTrace;
}
