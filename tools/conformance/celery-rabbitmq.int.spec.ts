import { connect } from 'amqplib';
import { celeryModel, celeryWorker, notATask } from './celery.js';
import { conformance } from './conformance.js';

conformance({
  name: 'Celery through RabbitMQ',
  needs: ['python'],
  transport: ({ workersBroker }) => celeryModel(workersBroker.url),
  worker: ({ workersBroker }) => celeryWorker(workersBroker.url),
  breakConnections: ({ workersBroker }) => workersBroker.dropConnections(),
  poison: async ({ workersBroker }) => {
    const { queue } = celeryModel(workersBroker.url);
    const connection = await connect(workersBroker.url);
    const channel = await connection.createConfirmChannel();
    const { body, headers, ...properties } = notATask();
    channel.sendToQueue(queue, Buffer.from(body), { headers, ...properties });
    await channel.waitForConfirms();
    await connection.close();
  },
});
