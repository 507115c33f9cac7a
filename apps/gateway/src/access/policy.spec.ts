import { type ApiScope, apiScopes } from '#contracts';
import type { Caller } from './caller.js';
import { permit, type Policy } from './policy.js';

const session: Caller = { kind: 'session', accountId: 'a', sessionId: 's', expiresAt: 0 };
const keyWith = (...scopes: ApiScope[]): Caller => ({ kind: 'api_key', accountId: 'a', keyId: 'k', scopes });
const needing = (scope: ApiScope): Policy => ({ for: 'scope', scope });

describe('a policy', () => {
  it.each<Policy>([{ for: 'anybody' }, { for: 'sessions' }, ...apiScopes.map(needing)])(
    'lets a session do everything: %j',
    (policy) => {
      expect(() => permit(policy, session)).not.toThrow();
    },
  );

  it.each(apiScopes)('lets an API key with the scope %s do what needs it, and nothing else', (scope) => {
    expect(() => permit(needing(scope), keyWith(scope))).not.toThrow();
    for (const other of apiScopes.filter((known) => known !== scope)) {
      expect(() => permit(needing(other), keyWith(scope))).toThrow(
        expect.objectContaining({ code: 'insufficient_scope', details: { members: { required_scope: other } } }),
      );
    }
  });

  it('lets no API key do what is for sessions', () => {
    expect(() => permit({ for: 'sessions' }, keyWith(...apiScopes))).toThrow(
      expect.objectContaining({ code: 'insufficient_scope' }),
    );
  });
});
