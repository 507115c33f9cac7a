import type { RedisConnection } from './redis-connection.client.js';

/** What cannot be handled, the newest ten thousand. */
export const deadList = 'ml.dead';
const keptDead = 10_000;

/** Removes the message nearest to the end that is read, and hands it on; in one step, so that nobody sees two of it, or none. */
const script = `
if redis.call('LREM', KEYS[1], -1, ARGV[1]) == 0 then return 0 end
if #KEYS > 1 then
  redis.call('RPUSH', KEYS[2], ARGV[1])
  redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
end
return 1`;

/** Moves a message from one list to the end of another that is read next, or drops it. Returns whether it was there. */
export async function move(client: RedisConnection, from: string, to: string | null, item: string): Promise<boolean> {
  const most = to === deadList ? keptDead : 2_000_000_000;
  const keys = to === null ? [from] : [from, to];
  return (await client.eval(script, { keys, arguments: [item, String(most)] })) === 1;
}
