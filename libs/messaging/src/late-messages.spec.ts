import type { MessageProperties } from 'amqplib';
import { LateMessages } from './late-messages.js';

const until = (deadline?: number) =>
  ({ type: 'x', headers: { 'x-deadline': deadline } }) as unknown as MessageProperties;

describe('a message that comes late', () => {
  it('is one whose deadline has passed; without a deadline none is', () => {
    const late = new LateMessages({ warn: () => {} });
    expect([until(5), until(11), until()].map((message) => late.isLate(message, 10))).toEqual([true, false, false]);
  });

  it('is in the log with how late it is and how many there were, every ten seconds at most', () => {
    const warn = jest.fn();
    const late = new LateMessages({ warn });
    for (const now of [10, 11, 12, 10_011]) late.isLate(until(5), now);
    expect(warn.mock.calls.map(([about]) => about as unknown)).toMatchObject([
      { late_ms: 5, since_last_log: 1 },
      { late_ms: 10_006, since_last_log: 3 },
    ]);
  });
});
