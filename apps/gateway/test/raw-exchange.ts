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
  /** Whether its answer ends with its head, as that of a HEAD does. */
  bodiless?: boolean;
}

const longestMs = 10_000;

/** Sends bytes as they are, and reads until the first answer is whole or the other side has closed the connection. */
export async function exchange(url: string, { writes, endAfterMs, bodiless }: RawRequest): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay();
  const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
  let [answer, hung]: [Answer, boolean] = [readAnswer(Buffer.alloc(0), bodiless), false];
  let received = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    answer = readAnswer(received, bodiless);
    if (answer.whole) socket.destroy();
  });
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
  return { ...answer, hung };
}

interface Answer extends Omit<RawAnswer, 'hung'> {
  whole: boolean;
}

function readAnswer(received: Buffer, bodiless = false): Answer {
  const end = received.indexOf('\r\n\r\n');
  const [first = '', ...lines] = received.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]) || null;
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  ) as Record<string, string>;
  const length = bodiless || status === 304 ? 0 : Number(headers['content-length']);
  const rest = received.subarray(end + 4);
  const body = Number.isNaN(length) ? rest : rest.subarray(0, length); // another answer may follow
  return { status, headers, body, whole: end >= 0 && rest.length >= length };
}
