import { jobsQueue } from '#worker-contract';
import { conformance } from './conformance.js';

const pool = 'conforming';

conformance({
  name: 'AMQP',
  needs: ['python'],
  transport: () => ({ type: 'amqp', pool }),
  worker: ({ workersBroker }) => ({
    args: ['-m', 'lathe_worker', 'conforming:generate', '--transport', 'amqp', '--pool', pool],
    env: { LATHE_URL: workersBroker.url },
  }),
  clockToleranceSeconds: 2,
  breakConnections: ({ workersBroker }) => workersBroker.dropConnections(),
  poison: async ({ workersBroker }) => {
    for (const body of ['{', '[]', '{"v":2}']) await workersBroker.put(jobsQueue(pool), body);
  },
  also: (suite) => {
    it('is refused with a wrong password, and says so', async () => {
      const url = new URL(suite.bridge.workersBroker.url);
      url.password = 'wrong';
      const stranger = await suite.workers.start({ env: { LATHE_URL: url.href } });
      expect(await stranger.ended).toBe('exit code 2');
      expect(stranger.tail()).toContain("the broker refuses this worker's user");
    });
  },
});
