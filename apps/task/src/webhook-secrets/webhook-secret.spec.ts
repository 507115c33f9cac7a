import { randomUUID } from 'node:crypto';
import { overlapMs, secretsAt, webhookSecret } from './webhook-secret.js';

const key = 'a key of the tests, thirty-two characters and more';
const account = '01a20000-0000-7000-8000-000000000000';
const now = new Date('2026-01-02T00:00:00Z');
const rotated = (generation: number, agoMs: number) => ({
  accountId: account,
  generation,
  rotatedAt: new Date(now.getTime() - agoMs),
});

describe('the secret of an account', () => {
  it('is the same on every replica and after every restart', () => {
    expect(webhookSecret(key, account, 1)).toBe('whsec_/BY/QoFWD5DIN8ccxz5O2JQXELeZpsDuWE1XjNcrZsA=');
  });

  it('is 32 bytes after whsec_', () => {
    const secret = webhookSecret(key, randomUUID(), 1);
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
  });

  it('is another one for another account, generation or deployment', () => {
    const secrets = [
      webhookSecret(key, account, 1),
      webhookSecret(key, account, 2),
      webhookSecret(key, randomUUID(), 1),
      webhookSecret(`${key}!`, account, 1),
    ];
    expect(new Set(secrets).size).toBe(4);
  });

  it('is the first one, alone, before any rotation', () => {
    expect(secretsAt(key, account, null, now)).toEqual({
      secret: webhookSecret(key, account, 1),
      previous_secret: null,
      previous_expires_at: null,
    });
  });

  it('has the one before beside it for a day after a rotation, and no longer', () => {
    expect(secretsAt(key, account, rotated(3, overlapMs - 1), now)).toEqual({
      secret: webhookSecret(key, account, 3),
      previous_secret: webhookSecret(key, account, 2),
      previous_expires_at: '2026-01-02T00:00:00.001Z',
    });
    expect(secretsAt(key, account, rotated(3, overlapMs), now)).toEqual({
      secret: webhookSecret(key, account, 3),
      previous_secret: null,
      previous_expires_at: null,
    });
  });
});
