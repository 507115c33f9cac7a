import type { ConfirmChannel } from 'amqplib';

export const eventExchange = 'events';
export const deadExchange = 'events.dead';

/** After this many deliveries a fact is parked in `<service>.events.dead`. */
export const deliveryLimit = 8;

/** What is parked is there to be looked at, not for ever: thirty days, and the newest hundred thousand. */
const parkedForMs = 30 * 86_400_000;
const parkedAtMost = 100_000;

/** The exchange every fact is published to; declaring it again is harmless. */
export async function declareEventExchanges(channel: ConfirmChannel): Promise<void> {
  await channel.assertExchange(eventExchange, 'topic', { durable: true });
  await channel.assertExchange(deadExchange, 'topic', { durable: true });
}

/** The queue of one service's facts, bound to the keys it handles, with the queue where refused ones are parked. */
export async function declareEventQueue(
  channel: ConfirmChannel,
  service: string,
  keys: readonly string[],
): Promise<string> {
  const queue = `${service}.events`;
  const parked = `${queue}.dead`;
  await declareEventExchanges(channel);
  await channel.assertQueue(parked, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': parkedForMs, 'x-max-length': parkedAtMost },
  });
  await channel.bindQueue(parked, deadExchange, queue);
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': deadExchange,
      'x-dead-letter-routing-key': queue,
    },
  });
  for (const key of keys) await channel.bindQueue(queue, eventExchange, key);
  return queue;
}
