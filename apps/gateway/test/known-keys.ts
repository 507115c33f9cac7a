import { createHash, randomInt, randomUUID } from 'node:crypto';
import { type ApiKeyGrant, type ApiKeyHash, newApiKey, Problem, verifyApiKey } from '#contracts';
import type { StandIn } from '#testing';

/** API keys as the auth service knows them. */
export class KnownKeys {
  readonly asked: ApiKeyHash[] = [];
  private readonly grants = new Map<string, ApiKeyGrant>();

  constructor(auth: StandIn) {
    auth.answer(verifyApiKey, async (request) => {
      this.asked.push(request);
      const grant = this.grants.get(request.sha256);
      if (!grant) throw new Problem('invalid_token');
      return grant;
    });
  }

  /** A new key; it may do nothing unless the test says so. */
  add(about: Partial<ApiKeyGrant> = {}): { key: string; bearer: string; grant: ApiKeyGrant } {
    const key = newApiKey(randomInt);
    const grant = { key_id: randomUUID(), account_id: randomUUID(), scopes: [], expires_at: null, ...about };
    this.grants.set(createHash('sha256').update(key).digest('hex'), grant);
    return { key, bearer: `Bearer ${key}`, grant };
  }

  revoke(keyId: string): void {
    for (const [hash, grant] of this.grants) if (grant.key_id === keyId) this.grants.delete(hash);
  }
}
