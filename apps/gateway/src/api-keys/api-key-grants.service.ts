import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { accountErased, type ApiKeyGrant, apiKeyRevoked, isWellFormedApiKey, Problem, verifyApiKey } from '#contracts';
import { BroadcastListener, RpcClient } from '#messaging';
import { ExpiringMap } from '../access/expiring-map.js';

const keepGrantMs = 60_000;
const keepRefusalMs = 10_000;
const mostGrants = 10_000;
const mostRefusals = 10_000;

/**
 * What API keys may do, as the auth service says. An answer is kept for a minute, a refusal for ten seconds, and neither when a key or an
 * account has gone. What cannot be a key of ours is refused without asking; the key itself goes nowhere, only its SHA-256.
 */
@Injectable()
export class ApiKeyGrantsService implements OnModuleInit {
  private readonly grants = new ExpiringMap<ApiKeyGrant>(mostGrants);
  /** Apart from the grants: made-up keys push no real one out. */
  private readonly refusals = new ExpiringMap<true>(mostRefusals);
  private readonly asking = new Map<string, Promise<ApiKeyGrant>>();
  /** How often something was taken back: an answer from before says nothing about after. */
  private revocations = 0;

  constructor(
    private readonly rpc: RpcClient,
    private readonly facts: BroadcastListener,
  ) {}

  onModuleInit(): void {
    this.facts.on(apiKeyRevoked, ({ key_id }) => this.forget((grant) => grant.key_id === key_id));
    this.facts.on(accountErased, ({ account_id }) => this.forget((grant) => grant.account_id === account_id));
    this.facts.onMissed(() => this.forget(() => true));
  }

  /** Whose key it is and what it may do; `invalid_token` when it is none, is revoked or has expired. */
  async grantOf(key: string): Promise<ApiKeyGrant> {
    if (!isWellFormedApiKey(key)) throw invalid();
    const sha256 = createHash('sha256').update(key).digest('hex');
    const now = Date.now();
    const known = this.grants.get(sha256, now);
    if (known) return known;
    if (this.refusals.get(sha256, now)) throw invalid();
    return this.askOnce(sha256);
  }

  private askOnce(sha256: string): Promise<ApiKeyGrant> {
    const asked = this.asking.get(sha256);
    if (asked) return asked;
    const answer = this.ask(sha256).finally(() => {
      if (this.asking.get(sha256) === answer) this.asking.delete(sha256);
    });
    this.asking.set(sha256, answer);
    return answer;
  }

  private async ask(sha256: string): Promise<ApiKeyGrant> {
    const revocations = this.revocations;
    try {
      const grant = await this.rpc.call(verifyApiKey, { sha256 });
      const now = Date.now();
      if (endOf(grant) <= now) throw invalid();
      const until = Math.min(now + keepGrantMs, endOf(grant));
      if (revocations === this.revocations) this.grants.set(sha256, grant, until, now);
      return grant;
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'invalid_token')) throw error;
      const now = Date.now();
      this.refusals.set(sha256, true, now + keepRefusalMs, now);
      throw invalid();
    }
  }

  /** Whoever asks from now on asks anew, too: the answer under way is of before. */
  private forget(isGone: (grant: ApiKeyGrant) => boolean): void {
    this.revocations++;
    this.asking.clear();
    this.grants.deleteWhere(isGone);
  }
}

const endOf = ({ expires_at }: ApiKeyGrant): number =>
  expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);

const invalid = (): Problem => new Problem('invalid_token', 'The API key is not valid');
