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
  },
});

/** Announces a fact in the transaction that makes it true: both are committed, or neither. */
export async function announce<E extends Event>(tx: EntityManager, fact: E, payload: PayloadOf<E>): Promise<void> {
  await tx.insert(OutboxEntity, {
    messageId: randomUUID(),
    key: fact.key,
    payload: payload as object,
    requestId: currentRequest()?.requestId ?? null,
  });
}
