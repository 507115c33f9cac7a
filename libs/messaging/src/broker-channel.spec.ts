import { withHeartbeat } from './broker-channel.js';

describe('an AMQP address', () => {
  it('gets a heartbeat, since amqplib hears of one only there', () => {
    expect(withHeartbeat('amqp://u:p@host:5672/lathe')).toBe('amqp://u:p@host:5672/lathe?heartbeat=10');
    expect(withHeartbeat('amqp://host/?heartbeat=3')).toBe('amqp://host/?heartbeat=3');
  });
});
