import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { S3Error } from '../errors.js';
import type { Reply } from '../operations/exchange.js';
import type { Reading } from '../store/blobs.js';
import { branch, leaf } from '../xml.js';

/** So much of a refused body is still read, so that a client that sends first and listens later hears the refusal. */
const maxDrainBytes = 64 * 2 ** 20;

/** The error document of whatever was thrown. What is not a refusal is reported and shown as a bare InternalError. */
export function refusal(error: unknown, request: IncomingMessage, report: (error: unknown) => void): Reply {
  const { code, status, message, more } = asRefusal(error, request, report);
  const fields = Object.entries(more.fields ?? {}).map(([name, value]) => leaf(name, value));
  const path = (request.url ?? '').replace(/\?.*$/s, '');
  return {
    status,
    headers: { 'content-type': 'application/xml', ...more.headers },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      branch('Error', leaf('Code', code), leaf('Message', message), ...fields, leaf('Resource', path)),
  };
}

function asRefusal(error: unknown, request: IncomingMessage, report: (error: unknown) => void): S3Error {
  if (error instanceof S3Error) return error;
  if (request.readableAborted) return new S3Error('IncompleteBody', 'the connection broke');
  report(error);
  const isFull = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC';
  return new S3Error(isFull ? 'InsufficientStorage' : 'InternalError');
}

/** Sends a reply. After it the connection is free for the next request, or closed when the body was not read. */
export async function sendReply(reply: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body = '' } = reply;
  response.setHeader('x-amz-request-id', randomBytes(8).toString('hex').toUpperCase());
  if (!request.readableEnded && hasBody(request)) response.setHeader('connection', 'close');
  if (typeof body !== 'string') {
    await stream(body, response, () => response.writeHead(status, headers));
    return;
  }
  const length = status === 204 || status === 304 ? undefined : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
  drain(request);
}

async function stream(reading: Reading, response: ServerResponse, start: () => void): Promise<void> {
  try {
    start();
    await pipeline(reading.chunks(), response);
  } catch (error) {
    response.destroy();
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    await reading.release();
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  let seen = 0;
  request.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > maxDrainBytes) request.destroy();
  });
  request.on('error', () => undefined);
}
