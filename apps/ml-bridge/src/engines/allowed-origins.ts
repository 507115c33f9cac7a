/**
 * Whether an address may be fetched that a server named: its origin has to be one of these, as `https://files.example.com` or, for every
 * host below one, `https://*.example.com`. Scheme and port count; nothing is allowed with a name and password in it.
 */
export function isAllowed(address: URL, origins: readonly string[]): boolean {
  if (address.username !== '' || address.password !== '') return false;
  return origins.some((origin) => {
    const [before, after] = origin.split('*.');
    if (after === undefined) return URL.canParse(origin) && new URL(origin).origin === address.origin;
    return address.origin.startsWith(before!) && address.origin.endsWith(`.${after}`);
  });
}
