import { Logger } from '@nestjs/common';
import { createClient } from '@redis/client';

export type RedisConnection = ReturnType<typeof connectionTo>;

/** A read that waits for something to come is answered after this long at the latest. */
export const waitSeconds = 2;

const silentMs = 10_000;
const longestPauseMs = 2000;

/**
 * A connection to Redis that comes back by itself, and is given up when nothing is heard on it for ten seconds. While it is down
 * commands are refused, not kept.
 */
export function connectionTo(url: string, name: string) {
  const logger = new Logger(name);
  const client = createClient({
    url,
    name: name.replaceAll(' ', '-'),
    disableOfflineQueue: true,
    pingInterval: silentMs / 4,
    socket: {
      connectTimeout: 5000,
      socketTimeout: silentMs,
      reconnectStrategy: (retries) => Math.min(longestPauseMs, 100 * 2 ** retries) * (0.8 + Math.random() * 0.4),
    },
  });
  let said = '';
  client.on('error', (error: Error) => {
    if (error.message !== said) logger.warn(error.message);
    said = error.message;
  });
  client.on('ready', () => (said = ''));
  return client;
}

/** Begins to connect, and never gives up. */
export function startConnecting(client: RedisConnection): void {
  client.connect().catch(() => undefined); // destroyed before it came about
}
