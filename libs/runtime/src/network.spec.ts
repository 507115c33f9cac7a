import fc from 'fast-check';
import { networkOf } from './network.js';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24', '203.0.113.7/32'],
    ['0.0.0.0', '0.0.0.0/24', '0.0.0.0/32'],
    ['255.255.255.255', '255.255.255.0/24', '255.255.255.255/32'],
    ['::ffff:203.0.113.7', '203.0.113.0/24', '203.0.113.7/32'],
    ['::FFFF:cb00:7107', '203.0.113.0/24', '203.0.113.7/32'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.0/24', '192.0.2.1/32'],
  ])('%s is %s, or as a whole %s', (address, network, whole) => {
    expect([networkOf(address, 24), networkOf(address, 32)]).toEqual([network, whole]);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:0db8:0000:00a0::1', '2001:db8:0:a0::/64'],
    ['::1', '::/64'],
    ['::', '::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ])('%s is %s, however many bits count of IPv4', (address, network) => {
    expect([networkOf(address, 24), networkOf(address, 32)]).toEqual([network, network]);
  });

  it.each(['256.0.0.1', '1', '0x7f.1', '1.2.3.4:80', 'example.org', '1]:80/[::1', 'unix:', 'a b', ''])(
    'of %j, which is no address, is unknown',
    (address) => {
      expect(networkOf(address, 32)).toBe('unknown');
    },
  );

  const group = fc.integer({ min: 0, max: 0xff_ff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'));

  it('is the same for all of a /64, in whatever spelling, and another one elsewhere', () => {
    const canonical = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
    fc.assert(
      fc.property(half, half, half, (prefix, host, other) => {
        fc.pre(!/^0:0:0:0$/.test(prefix));
        const network = networkOf(`${prefix}:${host}`, 32);
        expect(networkOf(canonical(`${prefix}:${host}`), 32)).toBe(network);
        expect(networkOf(`${prefix}::`, 32)).toBe(network);
        expect(networkOf(`${other}:${host}`, 32) === network).toBe(other === prefix);
      }),
    );
  });

  it('fits into the name of a bucket, whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        expect(networkOf(address, 32)).toMatch(/^[\w.:/-]{1,45}$/);
      }),
    );
  });
});
