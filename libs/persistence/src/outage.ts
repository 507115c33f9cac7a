import { Problem } from '#contracts';

/**
 * PostgreSQL's and the network's ways of saying "not now": connection exceptions (class 08), too many connections, shutting down,
 * cannot connect now, what waited too long for a lock or held one too long, and sockets that end.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const codes = new Set(
  '53300 57P01 57P02 57P03 25P03 40001 40P01 55P03 57014 ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT'.split(' '),
);
const messages =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** The refusal to answer with when the database was away: retrying makes sense. Null when the error is something else. */
export function outageOf(error: unknown): Problem | null {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isOutage =
    (typeof code === 'string' && (codes.has(code) || code.startsWith('08'))) ||
    (typeof message === 'string' && messages.test(message));
  return isOutage ? new Problem('service_unavailable', 'The database does not answer', { retryAfter: 2 }) : null;
}
