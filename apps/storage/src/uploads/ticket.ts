import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: whoever holds them may upload one file. */
export const newTicket = (): string => randomBytes(32).toString('base64url');

/** What is kept of a ticket: a copy of the database opens no upload. */
export const hashOfTicket = (ticket: string): string => createHash('sha256').update(ticket).digest('hex');
