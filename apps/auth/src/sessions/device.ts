import Bowser from 'bowser';

/**
 * A device in words its owner recognises, from a User-Agent header: `Firefox on Linux`, `curl 8.5.0`. Programs that are no browser
 * are called what they call themselves first (RFC 9110 §10.1.5).
 */
export function deviceOf(userAgent: string): string | null {
  if (userAgent === '') return null;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`;
  const [, name, version] = /^([\w.+-]{1,40})(?:\/([\w.+-]{1,20}))?/.exec(userAgent) ?? [];
  if (!name) return null;
  return version ? `${name} ${version}` : name;
}
