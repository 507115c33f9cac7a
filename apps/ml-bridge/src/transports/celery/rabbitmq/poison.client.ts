import type { ConfirmChannel, GetMessage } from 'amqplib';
import { poisonDepth } from '../celery-broker.js';
import { isPoison } from '../messages/celery-task.js';

/**
 * Takes the first messages of a queue, has those parked that would kill a worker, and puts the others back where they were. Only for a
 * queue that nobody reads now. Returns how many were parked.
 */
export async function parkPoison(
  channel: ConfirmChannel,
  queue: string,
  park: (message: GetMessage) => Promise<void>,
): Promise<number> {
  const harmless: GetMessage[] = [];
  let parked = 0;
  try {
    for (let read = 0; read < poisonDepth; read++) {
      const message = await channel.get(queue);
      if (!message) break;
      harmless.push(message);
      if (!isPoison(waiting(message))) continue;
      await park(message);
      harmless.pop();
      channel.ack(message);
      parked++;
    }
  } finally {
    for (const message of harmless) channel.reject(message, true);
  }
  return parked;
}

const waiting = ({ content, properties }: GetMessage): Parameters<typeof isPoison>[0] => ({
  contentType: properties.contentType as unknown,
  headers: properties.headers,
  body: content.toString(),
});
