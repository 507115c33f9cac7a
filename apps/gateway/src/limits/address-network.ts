import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whose requests count together: an IPv4 address, or the /64 of an IPv6 address, which is the least that one customer is given
 * (RFC 6177) and within which a new address costs nothing. IPv4 within IPv6 (::ffff:192.0.2.1, RFC 4291 §2.5.5.2) is IPv4. What
 * is no address, which only a trusted proxy can hand us, counts as one.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  const groups = groupsOf(address);
  return isMapped(groups) ? dotted(groups) : `${groups.slice(0, 4).map(hexadecimal).join(':')}::/64`;
}

/** The eight groups of a valid IPv6 address in any of its spellings, without its zone. */
function groupsOf(address: string): number[] {
  const [head = [], tail] = address.split('%')[0]!.split('::').map(groupsIn);
  if (tail === undefined) return head;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

/** The groups of one side of the `::`, the last of which may be two of them written as IPv4. */
const groupsIn = (part: string): number[] =>
  part === '' ? [] : part.split(':').flatMap((group) => (isIPv4(group) ? pairOf(group) : [Number.parseInt(group, 16)]));

function pairOf(address: string): number[] {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  return [a * 256 + b, c * 256 + d];
}

const isMapped = (groups: number[]): boolean =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff;

const dotted = (groups: number[]): string =>
  groups
    .slice(6)
    .flatMap((group) => [Math.floor(group / 256), group % 256])
    .join('.');

const hexadecimal = (group: number): string => group.toString(16);
