import { connect } from 'amqplib';
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
    const connection = await connect(workersBroker.url);
    const channel = await connection.createConfirmChannel();
    for (const body of ['{', '[]', '{"v":2}']) channel.sendToQueue(jobsQueue(pool), Buffer.from(body));
    await channel.waitForConfirms();
    await connection.close();
  },
});
