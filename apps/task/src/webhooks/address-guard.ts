import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Where a cloud answers its own machines at an address that looks public: Azure's WireServer. */
const ofPlatforms = new Set(['168.63.129.16']);
/** All of IPv6 that is given to anybody (IANA "Global Unicast"). What is special within it, `range` knows. */
const globalUnicast: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Decides which addresses may be called for somebody else: public ones by https at the usual port, and whatever is in a network that
 * the deployment allows. It is asked twice, about what a URL says and about what its name turned out to stand for.
 */
export class AddressGuard {
  private readonly networks: Network[];

  /** Takes networks such as `10.0.0.0/8`, separated by commas. Throws when one is none. */
  constructor(allowedNetworks = '') {
    this.networks = networksFrom(allowedNetworks);
  }

  /** Why a URL is refused for what it says, in plain words; null when it is good as far as it says. */
  refusalOf(text: string): string | null {
    if (!URL.canParse(text)) return 'must be a complete URL';
    const url = new URL(text);
    if (!/^https?:$/.test(url.protocol)) return 'must begin with https://';
    if (url.username !== '' || url.password !== '') return 'must not have a user name or a password';
    const address = addressIn(url);
    if (address === null) return this.networks.length > 0 ? null : refusalOfWay(url);
    if (this.allows(url, address)) return null;
    return refusalOfWay(url) ?? 'must be at a public address';
  }

  /** Whether a connection may be made to an address that the host of a URL stands for. */
  allows(url: URL, address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const plain = ipaddr.process(address);
    const known = this.networks.some(([base, bits]) => base.kind() === plain.kind() && plain.match(base, bits));
    return known || (refusalOfWay(url) === null && isPublic(plain));
  }
}

/** What is wrong with how a public address is called. */
function refusalOfWay({ protocol, port }: URL): string | null {
  if (protocol !== 'https:') return 'must begin with https://';
  return port === '' ? null : 'must use port 443';
}

/** The address that a URL names itself, in whatever spelling: the URL parser has read decimal, octal, hexadecimal and full-width ones. */
function addressIn({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (ipaddr.isValid(host)) return host;
  return /(^|\.)localhost$/.test(host) ? '127.0.0.1' : null; // RFC 6761 §6.3
}

/** Whether an address is one of the Internet: not private, shared, local, reserved, or another kind of address in disguise. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv6 ? address.match(globalUnicast) : !ofPlatforms.has(address.toString());
}

const networksFrom = (list: string): Network[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => ipaddr.parseCIDR(entry));

/** Whether a setting lists networks in CIDR notation, separated by commas; an empty one lists none. */
export function areNetworks(list: string): boolean {
  try {
    networksFrom(list);
    return true;
  } catch {
    return false;
  }
}
