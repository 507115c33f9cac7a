import { randomUUID } from 'node:crypto';
import { type EntityManager, EntitySchema } from 'typeorm';
import type { Event, PayloadOf } from '#contracts';
import { currentOrigin, type Origin } from '#telemetry';

/** A fact that is committed but not yet with the broker. */
export interface OutboxRow extends Origin {
  /** PostgreSQL bigint: a string in JavaScript. */
  id: string;
  messageId: string;
  key: string;
  payload: unknown;
  /** From then on nobody has a use for it: it is dropped instead of sent, and not handled any more. */
  expiresAt: Date | null;
  /** Since when it waits, by the database's clock. */
  announcedAt: Date;
  /** Of the contract it was written by, which may be older than the one it is sent by. */
  version: number;
}

export const OutboxEntity = new EntitySchema<OutboxRow>({
  name: 'Outbox',
  tableName: 'outbox',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    messageId: { type: 'uuid', name: 'message_id' },
    key: { type: 'text' },
    payload: { type: 'jsonb' },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    traceparent: { type: 'text', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    announcedAt: { type: 'timestamptz', name: 'announced_at', default: () => 'now()' },
    version: { type: 'integer', default: 1 },
  },
});

/**
 * Announces a fact in the transaction that makes it true: both are committed, or neither. `until` is the moment, by the database's
 * clock, from which on it would only be an old story.
 */
export async function announce<E extends Event>(
  tx: EntityManager,
  fact: E,
  payload: PayloadOf<E>,
  { until }: { until?: Date } = {},
): Promise<void> {
  await tx.insert(OutboxEntity, {
    messageId: randomUUID(),
    key: fact.key,
    payload: payload as object,
    ...currentOrigin(),
    expiresAt: until ?? null,
    version: fact.version,
  });
}
