import { randomUUID } from 'node:crypto';
import type { WorkerCommand } from './workers.js';

export const queue = 'conforming';
const task = 'lathe.generate';

/** The model of the tests behind a broker of Celery's, as models.yaml says it. */
export const celeryTransport = (brokerUrl: string): object => ({ type: 'celery', broker_url: brokerUrl, queue, task });

let started = 0;

/** A worker with one process for jobs; no two have the same name, as Celery asks for. */
export function celeryWorker(brokerUrl: string): WorkerCommand {
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
  headers: { lang: 'py', task, id },
  body: '{"not": "a triple"}',
});
