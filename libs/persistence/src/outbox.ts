import { randomUUID } from 'node:crypto';
import { type EntityManager, EntitySchema } from 'typeorm';
import type { Event, PayloadOf } from '#contracts';
import { currentRequest } from '#messaging';

/** A fact that is committed but not yet with the broker. */
export interface OutboxRow {
  /** PostgreSQL bigint: a string in JavaScript. */
  id: string;
  messageId: string;
  key: string;
  payload: unknown;
  requestId: string | null;
  /** From then on nobody has a use for it: it is dropped instead of sent, and not handled any more. */
  expiresAt: Date | null;
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
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
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
    requestId: currentRequest()?.requestId ?? null,
    expiresAt: until ?? null,
    version: fact.version,
  });
}
