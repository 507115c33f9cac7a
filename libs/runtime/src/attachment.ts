/**
 * Content-Disposition for a download under a name (RFC 6266): plain ASCII for old clients, and the name itself as `filename*`
 * (RFC 8187) when it is more than that. Nothing in a name can end the header or leave the folder it is saved in.
 */
export function attachment(filename: string): string {
  const name = safe(filename);
  const ascii = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/gu, '_');
  const plain = `attachment; filename="${ascii.replaceAll(/["%\\]/g, '_')}"`;
  return ascii === name && !/["%]/.test(name) ? plain : `${plain}; filename*=UTF-8''${percentEncoded(name)}`;
}

const safe = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .split(/[/\\]/)
    .at(-1)!
    .replace(/^[.\s]+/, '')
    .trim() || 'file';

/** RFC 8187 §3.2.1: everything but attr-char is encoded; encodeURIComponent leaves five characters too many. */
const percentEncoded = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (one) => `%${one.codePointAt(0)!.toString(16).toUpperCase()}`);
