import type { DataSource, EntityManager } from 'typeorm';

/**
 * Runs the effect of a message once however often the message arrives: the message id and the effect are committed together.
 * Returns whether this delivery was the one that counted.
 */
export function once(
  database: DataSource,
  messageId: string,
  effect: (tx: EntityManager) => Promise<void>,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const inserted: unknown[] = await tx.query(
      'INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING message_id',
      [messageId],
    );
    if (inserted.length === 0) return false;
    await effect(tx);
    return true;
  });
}

/** Whether the effect of a message has been committed. */
export async function wasHandled(database: DataSource, messageId: string): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT 1 FROM inbox WHERE message_id = $1', [messageId]);
  return rows.length > 0;
}
