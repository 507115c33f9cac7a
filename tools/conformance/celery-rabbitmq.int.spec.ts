import { connect } from 'amqplib';
import { celeryTransport, celeryWorker, notATask, queue } from './celery.js';
import { conformance } from './conformance.js';

conformance({
  name: 'Celery through RabbitMQ',
  needs: ['python'],
  transport: ({ url }) => celeryTransport(url),
  worker: ({ workersBroker }) => celeryWorker(workersBroker.url),
  finishesAtSigterm: true,
  breakConnections: ({ workersBroker }) => workersBroker.dropConnections(),
  poison: async ({ workersBroker }) => {
    const connection = await connect(workersBroker.url);
    const channel = await connection.createConfirmChannel();
    const { body, headers, ...properties } = notATask();
    channel.sendToQueue(queue, Buffer.from(body), { headers, ...properties });
    await channel.waitForConfirms();
    await connection.close();
  },
});
