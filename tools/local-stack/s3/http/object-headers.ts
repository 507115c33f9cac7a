import { S3Error } from '../errors.js';

/** Headers that are stored with an object and sent with every download of it. */
export const storedHeaderNames = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;

const maxMetadataBytes = 2_048;

/** Functions of S3 that are asked for by a header and not offered here. */
const notOffered = /^x-amz-(?:acl|grant-|server-side-encryption|tagging|object-lock-|storage-class|website-redirect)/;
const harmless: Partial<Record<string, string>> = { 'x-amz-acl': 'private', 'x-amz-storage-class': 'STANDARD' };

/**
 * Picks what is stored with an object from request headers or form fields: content headers and x-amz-meta-*. The names
 * are in lower case. Throws NotImplemented for an object with properties this store does not keep, MetadataTooLarge.
 */
export function objectHeaders(given: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/octet-stream' };
  let metadataBytes = 0;
  for (const [name, value] of given) {
    if (notOffered.test(name) && harmless[name] !== value) throw new S3Error('NotImplemented', name);
    const isMetadata = name.startsWith('x-amz-meta-');
    if (isMetadata) metadataBytes += name.length + value.length;
    if (isMetadata || (storedHeaderNames as readonly string[]).includes(name)) headers[name] = value;
  }
  if (metadataBytes > maxMetadataBytes) throw new S3Error('MetadataTooLarge');
  const encoding = headers['content-encoding']?.replace(/^aws-chunked\s*,?\s*/i, '');
  delete headers['content-encoding'];
  return encoding ? { ...headers, 'content-encoding': encoding } : headers;
}

/**
 * Text from a form or a query as the value of a reply header: its UTF-8 bytes, which Node writes as Latin-1.
 * Throws InvalidArgument for control characters.
 */
export function headerText(name: string, text: string): string {
  // oxlint-disable-next-line no-control-regex -- a line break here would forge headers
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) throw new S3Error('InvalidArgument', name);
  return Buffer.from(text, 'utf8').toString('latin1');
}
