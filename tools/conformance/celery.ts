import { randomUUID } from 'node:crypto';
import type { CelerySettings } from '../../apps/ml-bridge/src/catalogue/catalogue-model.js';
import type { WorkerCommand } from './workers.js';

/** The model of the tests behind a broker of Celery's. */
export const celeryModel = (brokerUrl: string): CelerySettings => ({
  type: 'celery',
  brokerUrl,
  queue: 'conforming',
  task: 'lathe.generate',
});

let started = 0;

/** A worker with one process for jobs; no two have the same name, as Celery asks for. */
export function celeryWorker(brokerUrl: string): WorkerCommand {
  const { queue, task } = celeryModel(brokerUrl);
  return {
    args: ['-m', 'lathe_worker', 'conforming:generate', '--transport', 'celery'],
    env: { LATHE_URL: brokerUrl, LATHE_QUEUE: queue, LATHE_TASK_NAME: task, LATHE_NAME: `conforming-${++started}` },
  };
}

/** A message with the headers of Celery's protocol 2 and a body that is not its triple: Celery 5.2.6 itself dies of it. */
export const notATask = (id: string = randomUUID()) => ({
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  correlationId: id,
  headers: { lang: 'py', task: celeryModel('').task, id },
  body: '{"not": "a triple"}',
});
