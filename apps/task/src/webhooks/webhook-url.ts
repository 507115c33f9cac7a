import { Problem } from '#contracts';
import type { AddressGuard } from './address-guard.js';

/** Refuses a request whose webhook could never be called, for what its URL says: what a name stands for is looked at in each call. */
export function checkWebhookUrl(url: string | undefined, guard: AddressGuard): void {
  const refusal = url === undefined ? null : guard.refusalOf(url);
  if (refusal === null) return;
  const message = `webhook_url ${refusal}`;
  throw new Problem('invalid_parameters', undefined, { errors: [{ pointer: '/webhook_url', message }] });
}
