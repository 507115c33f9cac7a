import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { sealed } from '../../apps/ml-bridge/src/transports/celery/redis/redis-envelope.js';
import { type ThrowawayRedis, throwawayRedis } from '../local-stack/redis/throwaway-redis.js';
import { celeryTransport, celeryWorker, notATask, queue } from './celery.js';
import { conformance } from './conformance.js';

let redis: ThrowawayRedis;

/** Redis has no connection of its own but those of the bridge and the workers, and this one. */
async function told(...command: string[]): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  await client.sendCommand(command);
  client.destroy();
}

conformance({
  name: 'Celery through Redis',
  needs: ['python', 'redis'],
  start: async () => void (redis = await throwawayRedis()),
  stop: () => redis.stop(),
  transport: () => celeryTransport(redis.url),
  worker: () => celeryWorker(redis.url),
  finishesAtSigterm: true,
  breakConnections: async () => {
    await told('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await told('CLIENT', 'KILL', 'TYPE', 'pubsub');
  },
  poison: () => told('LPUSH', queue, sealed(notATask(), queue, randomUUID())),
  also: (suite) => {
    it('goes on when Redis is restarted and has forgotten everything', async () => {
      const gate = randomUUID();
      const attempt = await suite.attempts.dispatch({ do: 'wait', gate });
      await suite.attempts.accepted(attempt);
      await redis.server.restart();
      suite.workers.open(gate);
      expect(await suite.attempts.ending(attempt)).toMatchObject({ status: 'succeeded' });
      await suite.attempts.madeOne();
    });
  },
});
