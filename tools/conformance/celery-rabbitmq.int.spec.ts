import { celeryTransport, celeryWorker, notATask, queue } from './celery.js';
import { conformance } from './conformance.js';

conformance({
  name: 'Celery through RabbitMQ',
  needs: ['python'],
  transport: ({ url }) => celeryTransport(url),
  worker: ({ workersBroker }) => celeryWorker(workersBroker.url),
  finishesAtSigterm: true,
  breakConnections: ({ workersBroker }) => workersBroker.dropConnections(),
  poison: ({ workersBroker }) => {
    const { body, ...properties } = notATask();
    return workersBroker.put(queue, body, properties);
  },
});
