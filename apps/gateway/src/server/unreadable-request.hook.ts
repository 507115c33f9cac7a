import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { Problem } from '#contracts';
import { requestIdHeader } from '#telemetry';
import { problemDocument, problemHeaders, statusOf } from '../http/problem-document.js';

/** Answers what is no HTTP, or too much of it in one head: there is no request yet, only a connection. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = new Problem('malformed_request');
  const requestId = uuidv7();
  const body = JSON.stringify(problemDocument(problem, requestId));
  const headers = {
    ...problemHeaders(problem),
    [requestIdHeader]: requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = statusOf[problem.code];
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
}
