import { RefreshSession } from '#contracts';
import { validated } from '#messaging';
import { clientOf } from './client.js';

const sender = (userAgent?: string, ip = '203.0.113.7') => ({
  ip,
  headers: userAgent === undefined ? {} : { 'user-agent': userAgent },
  socket: { remoteAddress: '10.0.0.1' },
});

describe('the client of a request', () => {
  it('is its address and what it calls itself', () => {
    expect(clientOf(sender('curl/8.5'))).toEqual({ address: '203.0.113.7', user_agent: 'curl/8.5' });
  });

  it.each([undefined, '', '  ', '\u0000\u001B'])('may not call itself anything: %j', (agent) => {
    expect(clientOf(sender(agent)).user_agent).toBeNull();
  });

  it.each([
    'a\u0000b\u001B[31m\u0085',
    'x'.repeat(600),
    '😀'.repeat(600),
    'a\uD800b',
    '\u202Eevil',
    'a\r\nset-cookie: b',
  ])('is kept only as far as the contract takes it: %j', (agent) => {
    const client = clientOf(sender(agent));
    expect(validated(RefreshSession, { refresh_token: 'r', client }).client).toEqual(client);
    expect(client.user_agent).not.toMatch(/[\p{Cc}\u202E]/u);
  });

  it('is the peer of the connection when a proxy passes on something that is no address', () => {
    expect(clientOf(sender('a', 'unknown, <script>')).address).toBe('10.0.0.1');
  });
});
