import { isIP } from 'node:net';
import type { Client } from '#contracts';

/** What of a request tells who is at its other end. */
interface Sender {
  ip: string;
  headers: { 'user-agent'?: string };
  socket: { remoteAddress?: string };
}

const longestAgent = 512;

/**
 * Who is at the other end: the address as far as the trusted proxies tell it, and the name the program gives itself, cut to what is kept
 * and without characters that could harm who reads it.
 */
export function clientOf({ ip, headers, socket }: Sender): Client {
  const address = isIP(ip) ? ip : (socket.remoteAddress ?? 'unknown');
  return { address, user_agent: readable(headers['user-agent'] ?? '') || null };
}

const readable = (agent: string): string =>
  [...agent.normalize('NFC').replaceAll(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, '')]
    .slice(0, longestAgent)
    .join('')
    .trim();
