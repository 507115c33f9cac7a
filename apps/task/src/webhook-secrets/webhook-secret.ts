import { createHmac } from 'node:crypto';
import type { WebhookSecretView } from '#contracts';

/** Which of an account's secrets signs. An account that never had another one has the first, and no row. */
export interface SecretGeneration {
  accountId: string;
  generation: number;
  /** When this generation took over from the one before. */
  rotatedAt: Date;
}

/** How long the secret before a rotation signs too: receivers have that long to change over. */
export const overlapMs = 86_400_000;

/**
 * An account's secret of one generation, as Standard Webhooks writes it: `whsec_` and 32 bytes in Base64, which are the HMAC-SHA256 of
 * `account.generation` under the deployment's key. Nothing that signs is in the database.
 */
export function webhookSecret(deploymentKey: string, accountId: string, generation: number): string {
  const key = createHmac('sha256', deploymentKey).update(`${accountId}.${generation}`);
  return `whsec_${key.digest('base64')}`;
}

/** The secrets of an account at a moment: the one before a rotation is there while it still signs. */
export function secretsAt(
  deploymentKey: string,
  accountId: string,
  current: SecretGeneration | null,
  now: Date,
): WebhookSecretView {
  const secretOf = (generation: number): string => webhookSecret(deploymentKey, accountId, generation);
  const secret = secretOf(current?.generation ?? 1);
  const previousUntil = current && new Date(current.rotatedAt.getTime() + overlapMs);
  if (!previousUntil || previousUntil <= now) return { secret, previous_secret: null, previous_expires_at: null };
  return {
    secret,
    previous_secret: secretOf(current.generation - 1),
    previous_expires_at: previousUntil.toISOString(),
  };
}
