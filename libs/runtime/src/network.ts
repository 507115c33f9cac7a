import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The least of IPv6 that one customer is given (RFC 6177), within which a new address costs nothing. */
const ipv6Bits = 64;

/**
 * The network whose addresses count together, in CIDR notation: of so many bits for IPv4, and a /64 of IPv6. An IPv4 address written as
 * an IPv6 one (RFC 4291 §2.5.5.2) is IPv4. What is no address, which only a trusted proxy can hand us, is one network of its own.
 */
export function networkOf(address: string, ipv4Bits: number): string {
  if (isIP(address) === 0) return 'unknown';
  const plain = ipaddr.process(address.replace(/%.*$/, ''));
  const [kind, bits] = plain.kind() === 'ipv4' ? [ipaddr.IPv4, ipv4Bits] : [ipaddr.IPv6, ipv6Bits];
  return `${kind.networkAddressFromCIDR(`${plain.toString()}/${bits}`).toString()}/${bits}`;
}
