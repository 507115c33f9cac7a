import type { ConfirmChannel } from 'amqplib';

/** What cannot be handled is there to be looked at for a week. */
export const deadExchange = 'ml.dead';
const oneWeekMs = 604_800_000;

/** Of a queue whose messages go to `ml.dead` after eight deliveries. */
export const parked = { 'x-queue-type': 'quorum', 'x-delivery-limit': 8, 'x-dead-letter-exchange': deadExchange };

/** Declaring it again is harmless. */
export async function declareDeadLetters(channel: ConfirmChannel): Promise<void> {
  await channel.assertExchange(deadExchange, 'fanout', { durable: true });
  await channel.assertQueue(deadExchange, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': oneWeekMs, 'x-max-length': 10_000 },
  });
  await channel.bindQueue(deadExchange, deadExchange, '');
}
