/**
 * The network that an address counts for: a /24 of IPv4 and a /64 of IPv6, the least that one customer is given and can move about in.
 * An IPv4 address written as an IPv6 one (RFC 4291 §2.5.5.2) is an IPv4 address. What is no address is one network of its own.
 */
export function networkOf(address: string): string {
  const ipv4 = ipv4Of(address);
  if (ipv4) return `${ipv4.slice(0, 3).join('.')}.0/24`;
  const groups = ipv6Groups(address);
  if (!groups) return 'unknown';
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff) {
    return `${groups[6]! >> 8}.${groups[6]! & 0xff}.${groups[7]! >> 8}.0/24`;
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function ipv4Of(address: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return null;
  const bytes = address.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** The eight groups of an IPv6 address, by way of the one spelling that a URL has for it. */
function ipv6Groups(address: string): number[] | null {
  const url = `http://[${address.replace(/%.*$/, '')}]`;
  if (!URL.canParse(url)) return null;
  const [left = '', right] = new URL(url).hostname.slice(1, -1).split('::');
  const groupsOf = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [head, tail] = [groupsOf(left), groupsOf(right ?? '')];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}
