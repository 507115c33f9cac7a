import { type ApiScope, Problem } from '#contracts';
import type { Caller } from './caller.js';

/** Who may call a route. */
export type Policy = { for: 'anybody' } | { for: 'sessions' } | { for: 'scope'; scope: ApiScope };

/** Refuses a caller that the policy does not let in: sessions may do everything, API keys what their scopes name (RFC 6750 §3.1). */
export function permit(policy: Policy, caller: Caller): void {
  if (policy.for === 'anybody' || caller.kind === 'session') return;
  if (policy.for === 'sessions') {
    throw new Problem('insufficient_scope', 'An API key cannot do this, whatever its scopes: it takes an access token');
  }
  if (caller.scopes.includes(policy.scope)) return;
  throw new Problem('insufficient_scope', `This takes an API key with the scope ${policy.scope}`, {
    members: { required_scope: policy.scope },
  });
}
