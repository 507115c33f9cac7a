import { eventually } from '#testing';
import { ContractViolation } from '#worker-contract';
import type { BrokerListener, CeleryBroker } from '../src/transports/celery/celery-broker.js';
import { type TaskMessage, taskMessage } from '../src/transports/celery/messages/celery-task.js';
import { aJob } from './a-job.js';

export const aTask = (queue: string, attempt = 1): TaskMessage =>
  taskMessage({ type: 'celery', brokerUrl: '', queue, task: 'ml.generate' }, aJob({ attempt }), 30_000, new Date());

/** What was heard, and how it is taken. */
export class Listener implements BrokerListener {
  readonly heard: string[] = [];
  take: () => void = () => undefined;

  onResult = (body: string): Promise<void> => {
    this.heard.push(body);
    return Promise.resolve().then(this.take);
  };

  onAnswer = (): void => undefined;
}

export const unreadable = (): never => {
  throw new ContractViolation('not a result');
};

/** Fails once. */
export function busyOnce(): () => void {
  let calls = 0;
  return () => {
    if (++calls === 1) throw new Error('the database is away');
  };
}

export const opens = async (broker: CeleryBroker): Promise<void> => {
  await broker.open();
  await eventually(() => expect(broker.reachable).toBe(true));
};

export const closes = async (broker: CeleryBroker): Promise<void> => {
  await broker.stopReading();
  await broker.close();
};
