import { Webhook } from 'standardwebhooks';
import type { WebhookSecretView } from '#contracts';
import type { Delivery } from './delivery.js';

/** The headers of one try as Standard Webhooks has them: each secret that counts signs the id, the moment and the body. */
export function signedHeaders(
  { id, body }: Pick<Delivery, 'id' | 'body'>,
  { secret, previous_secret }: WebhookSecretView,
  at: Date,
): Record<string, string> {
  const secrets = previous_secret === null ? [secret] : [secret, previous_secret];
  return {
    'content-type': 'application/json',
    'user-agent': 'Lathe-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((one) => new Webhook(one).sign(id, at, body)).join(' '),
  };
}
