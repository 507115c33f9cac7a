import fc from 'fast-check';
import { networkOf } from './address-network.js';

describe('the network that a request counts for', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:00a0::1', '2001:db8:0:a0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['unix:', 'unknown'],
    ['', 'unknown'],
    ['1.2.3.4:80', 'unknown'],
    ['a b', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  const group = fc.integer({ min: 0, max: 0xff_ff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'));

  it('is the same for all of a /64, in whatever spelling, and another one elsewhere', () => {
    const canonical = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
    fc.assert(
      fc.property(half, half, half, (prefix, host, other) => {
        fc.pre(!/^0:0:0:0$/.test(prefix));
        const network = networkOf(`${prefix}:${host}`);
        expect(networkOf(canonical(`${prefix}:${host}`))).toBe(network);
        expect(networkOf(`${prefix}::`)).toBe(network);
        expect(networkOf(`${other}:${host}`) === network).toBe(other === prefix);
      }),
    );
  });

  it('fits into the name of a bucket, whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        expect(networkOf(address)).toMatch(/^[\w.:/-]{1,45}$/);
      }),
    );
  });
});
