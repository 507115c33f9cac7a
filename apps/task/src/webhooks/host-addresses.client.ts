import { lookup, Resolver } from 'node:dns/promises';

/** Finds all addresses of a host name. Throws an error with a `code` when there is none to be had. */
export type FindAddresses = (host: string) => Promise<string[]>;

/** What the name servers say who know nothing of a name; the machine's own hosts file still may. */
const unknown = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/**
 * The A and AAAA records of a name, or else what the machine itself knows of it. Asks the name servers directly: a look-up of the
 * operating system holds one of libuv's four threads for as long as somebody's name server likes to keep silent.
 */
export const addressesOf: FindAddresses = async (host) => {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  for (const answer of answers) {
    if (answer.status === 'rejected' && !unknown.has((answer.reason as NodeJS.ErrnoException).code ?? '')) {
      throw answer.reason;
    }
  }
  return (await lookup(host, { all: true })).map(({ address }) => address);
};
