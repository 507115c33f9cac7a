import type { IncomingMessage } from 'node:http';
import { S3Error } from '../errors.js';
import type { Reply } from '../operations/exchange.js';

const exposed = 'ETag, Content-Length, Content-Range, Last-Modified, x-amz-request-id';

function isAllowed({ headers }: IncomingMessage, origins: readonly string[] = []): boolean {
  return headers.origin !== undefined && (origins.includes('*') || origins.includes(headers.origin));
}

/** The headers that let a script of an allowed origin read a reply. Source: Fetch standard, "CORS protocol". */
export function corsHeaders(request: IncomingMessage, origins?: readonly string[]): [string, string][] {
  if (!isAllowed(request, origins)) return [];
  return [
    ['access-control-allow-origin', request.headers.origin ?? ''],
    ['access-control-expose-headers', exposed],
    ['vary', 'Origin'],
  ];
}

/** The answer to a preflight; AccessDenied for an origin that is not allowed. Signatures are checked by the request itself. */
export function preflight(request: IncomingMessage, origins?: readonly string[]): Reply {
  if (!isAllowed(request, origins)) throw new S3Error('AccessDenied', 'this origin is not allowed');
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      'access-control-max-age': '600',
    },
  };
}
