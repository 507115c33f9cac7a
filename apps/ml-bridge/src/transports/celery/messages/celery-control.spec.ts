import fc from 'fast-check';
import { activeIn, commandBody, concurrencyIn, parseAnswer, queuesIn, revoke } from './celery-control.js';

describe('a command to all workers', () => {
  it('is what kombu sends, and is answered straight into a queue', () => {
    const body = commandBody({ method: 'stats', arguments: {} }, { ticket: 't', queue: 'answers' });
    expect(JSON.parse(body)).toEqual({
      method: 'stats',
      arguments: {},
      destination: null,
      pattern: null,
      matcher: null,
      ticket: 't',
      reply_to: { exchange: '', routing_key: 'answers' },
    });
  });

  it('that stops a task asks for no answer', () => {
    expect(JSON.parse(commandBody(revoke('x.1')))).toEqual({
      method: 'revoke',
      arguments: { task_id: 'x.1', terminate: true, signal: 'SIGTERM' },
      destination: null,
      pattern: null,
      matcher: null,
    });
  });
});

describe('what workers answer', () => {
  it('is left out where a worker could not answer', () => {
    expect(parseAnswer('{"a@gpu":{"error":"unknown"},"b@gpu":[]}')).toEqual([['b@gpu', []]]);
  });

  it('tells their queues, how much they do at once, and what they are at', () => {
    expect(queuesIn([{ name: 'plain', exchange: {} }, { name: 'other' }])).toEqual(['plain', 'other']);
    expect(concurrencyIn({ pool: { 'max-concurrency': 4 } })).toBe(4);
    expect(activeIn({ a: ['active', {}], b: ['reserved', {}], c: ['ready', {}] })).toEqual(['a']);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (anything) => {
        expect(Array.isArray(parseAnswer(JSON.stringify(anything)))).toBe(true);
        expect(queuesIn(anything).every((name) => typeof name === 'string')).toBe(true);
        expect(concurrencyIn(anything)).toBeGreaterThan(0);
        expect(Array.isArray(activeIn(anything))).toBe(true);
      }),
    );
  });
});
