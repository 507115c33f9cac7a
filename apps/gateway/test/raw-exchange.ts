import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What came back over one connection. */
export interface RawAnswer {
  /** Of the first answer; null when the connection ended without one. */
  status: number | null;
  headers: Record<string, string>;
  body: Buffer;
  /** Whether the other side kept the connection for longer than it may. */
  hung: boolean;
}

export interface RawRequest {
  /** What is sent, write by write. */
  writes: Buffer[];
  /** After so many milliseconds without an answer our side says that nothing more comes; by default it never does. */
  endAfterMs?: number;
}

const longestMs = 2000;

/** Sends bytes as they are to a server that is asked to close, and reads all that it has to say. */
export async function exchange(url: string, { writes, endAfterMs }: RawRequest): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay();
  const received: Buffer[] = [];
  const closed = once(
    socket.on('error', () => {}),
    'close',
  );
  socket.on('data', (bytes: Buffer) => received.push(bytes));
  let hung = false;
  const watch = setTimeout(() => {
    hung = true;
    socket.destroy();
  }, longestMs);
  for (const bytes of writes) {
    if (!socket.writable) break;
    socket.write(bytes);
    if (writes.length > 1) await delay(0); // a write of its own for the other side, more often than not
  }
  if (endAfterMs !== undefined) setTimeout(() => socket.end(), endAfterMs).unref();
  await closed;
  clearTimeout(watch);
  return { ...read(Buffer.concat(received)), hung };
}

function read(received: Buffer): Omit<RawAnswer, 'hung'> {
  const end = received.indexOf('\r\n\r\n');
  const [first = '', ...lines] = received.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]) || null;
  const headers = lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  const body = received.subarray(end + 4);
  return { status, headers: Object.fromEntries(headers) as Record<string, string>, body: Buffer.from(body) };
}
