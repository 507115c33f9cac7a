import type { Message } from 'amqplib';
import { asBefore, asParked, deadLetterOf } from './dead-letter.js';

const death = { queue: 'ml.jobs.reference', reason: 'expired', time: { '!': 'timestamp', value: 1_767_225_600 } };
const aMessage = (headers: object, properties: object = {}): Message =>
  ({ properties: { messageId: 'm', type: 'job', ...properties, headers } }) as unknown as Message;
const aJob = aMessage({ 'x-death': [death], 'x-first-death-queue': 'ml.jobs.reference', 'x-version': 1 });

describe('a dead letter', () => {
  it('of the workers came from the queue that the broker names', () => {
    expect(deadLetterOf(aJob, 'ml.dead')).toEqual({
      id: 'm',
      type: 'job',
      since: '2026-01-01T00:00:00.000Z',
      reason: 'expired',
      requestId: null,
      origin: 'ml.jobs.reference',
      looks: 0,
    });
  });

  it('of a service came from its queue of facts, whatever the broker says', () => {
    expect(deadLetterOf(aMessage({}), 'task.events.dead')).toMatchObject({
      origin: 'task.events',
      since: null,
      reason: 'unknown',
    });
    expect(deadLetterOf(aMessage({}), 'ml.dead').origin).toBeNull();
  });

  it('goes back without what the broker added, and with everything else', () => {
    const options = asBefore(aMessage({ 'x-death': [death], 'x-delivery-count': 3, 'x-request-id': 'r' }));
    expect(options).toEqual({
      headers: { 'x-request-id': 'r' },
      messageId: 'm',
      type: 'job',
      persistent: true,
      mandatory: true,
    });
  });

  it('is still known for what it is when it was put back, and goes back as it was', () => {
    const { headers } = asParked(aJob, 'ml.dead');
    const again = aMessage(headers as object);
    expect(deadLetterOf(again, 'ml.dead')).toEqual(deadLetterOf(aJob, 'ml.dead'));
    expect(asBefore(again)).toEqual(asBefore(aJob));
  });
});
