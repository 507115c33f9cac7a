import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { accountErased, listRevocations, Problem, Revocations, sessionsEnded } from '#contracts';
import { BroadcastListener, RpcClient, validated } from '#messaging';
import { ExpiringMap } from './expiring-map.js';

const askAgainAfterMs = 1000;
/** Of each kind, some ten megabytes; beyond it the oldest, whose tokens expire first, are let go. */
const rememberedAtMost = 100_000;
/** Until auth has said how long its tokens live: longer than they may. */
const rememberAtFirstMs = 86_400_000;

/**
 * Which sessions have ended and which accounts are erased although their access tokens are still good. Asked for whenever the gateway
 * begins to listen, and heard from then on; while the broker is away it goes on with what it knows.
 */
@Injectable()
export class RevocationsService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('revocations');
  private readonly sessions = new ExpiringMap<true>(rememberedAtMost);
  private readonly accounts = new ExpiringMap<true>(rememberedAtMost);
  private readonly stopping = new AbortController();
  private rememberMs = rememberAtFirstMs;
  private asking = 0;
  private listed = false;

  constructor(
    private readonly rpc: RpcClient,
    private readonly facts: BroadcastListener,
  ) {}

  onModuleInit(): void {
    this.facts.on(sessionsEnded, ({ session_ids }) => this.remember(this.sessions, session_ids));
    this.facts.on(accountErased, ({ account_id }) => this.remember(this.accounts, [account_id]));
    this.facts.onMissed(() => void this.catchUp());
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Whether the list was ever read: before, nobody can be let in. */
  get known(): boolean {
    return this.listed;
  }

  /** Refuses who has a good token that is not to be taken any more. */
  refuseRevoked(accountId: string, sessionId?: string): void {
    if (!this.listed) throw unknown();
    const now = performance.now();
    if (this.accounts.get(accountId, now)) throw new Problem('invalid_token', 'The account has been erased');
    if (sessionId && this.sessions.get(sessionId, now)) throw new Problem('invalid_token', 'The session has ended');
  }

  /** Until it succeeds, or a newer queue asks in its place. */
  private async catchUp(): Promise<void> {
    const turn = ++this.asking;
    const { signal } = this.stopping;
    for (let said = false; turn === this.asking && !signal.aborted; said = true) {
      try {
        this.take(validated(Revocations, await this.rpc.call(listRevocations, {})));
        return;
      } catch (error) {
        if (!said) this.logger.warn(`the revocations cannot be read: ${(error as Error).message}`);
        await wait(askAgainAfterMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  private take({ session_ids, account_ids, remember_seconds }: Revocations): void {
    this.rememberMs = remember_seconds * 1000;
    this.remember(this.sessions, session_ids);
    this.remember(this.accounts, account_ids);
    this.listed = true;
  }

  private remember(revoked: ExpiringMap<true>, ids: string[]): void {
    const now = performance.now();
    let lost = 0;
    for (const id of ids) if (revoked.set(id, true, now + this.rememberMs, now)) lost++;
    if (lost > 0) this.logger.warn(`${lost} revocations were forgotten early: there are more than ${rememberedAtMost}`);
  }
}

const unknown = (): Problem =>
  new Problem('service_unavailable', 'The sessions that have ended are not known yet', { retryAfter: 2 });
