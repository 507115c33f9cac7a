import type { MigrationInterface } from 'typeorm';
import { addOutboxEnvelope, dropOutboxEnvelope } from '#persistence';

/** Facts in the outbox know how long they are of use, and the version of their contract. */
export class AddOutboxEnvelope1795600000008 implements MigrationInterface {
  readonly name = 'AddOutboxEnvelope1795600000008';
  readonly up = addOutboxEnvelope;
  readonly down = dropOutboxEnvelope;
}
