import type { KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KeySet, Problem, readKeySet } from '#contracts';
import { RpcClient, validated } from '#messaging';
import { verifiersOf } from './public-keys.js';

const refreshEveryMs = 5 * 60_000;
const retryEveryMs = 1000;
/** Tokens with made-up key ids must not turn into questions to the auth service. */
const askAgainAfterMs = 10_000;

/**
 * The public keys of the access tokens. Asked for at the start, every five minutes, and when a token names a key that is not known;
 * while the auth service is down, the keys that are known go on working.
 */
@Injectable()
export class KeySetService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('key-set');
  private published: KeySet = { keys: [] };
  private verifiers = new Map<string, KeyObject>();
  private reading: Promise<void> | undefined;
  private askedAgainAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;
  private stopped = false;

  constructor(private readonly rpc: RpcClient) {}

  onApplicationBootstrap(): void {
    void this.keepFresh();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  get known(): boolean {
    return this.verifiers.size > 0;
  }

  /** The set as anybody may read it. */
  get keys(): KeySet {
    if (!this.known) throw unknown();
    return this.published;
  }

  /** The key of that id, or null when the auth service has none (any more). */
  async verifier(id: string): Promise<KeyObject | null> {
    if (!this.verifiers.has(id)) await this.askAgain();
    if (!this.known) throw unknown();
    return this.verifiers.get(id) ?? null;
  }

  private async askAgain(): Promise<void> {
    const now = performance.now();
    if (!this.reading && now - this.askedAgainAt < (this.known ? askAgainAfterMs : retryEveryMs)) return;
    this.askedAgainAt = now;
    await this.read();
  }

  private async keepFresh(): Promise<void> {
    await this.read();
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.keepFresh(), this.known ? refreshEveryMs : retryEveryMs).unref();
  }

  private read(): Promise<void> {
    this.reading ??= this.ask().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async ask(): Promise<void> {
    try {
      const set = validated(KeySet, await this.rpc.call(readKeySet, {}));
      if (set.keys.length === 0) throw new Error('the key set is empty');
      this.verifiers = verifiersOf(set);
      this.published = set;
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`the key set cannot be read: ${(error as Error).message}`);
      this.failing = true; // said once, not every second
    }
  }
}

const unknown = (): Problem =>
  new Problem('service_unavailable', 'The keys of the access tokens are not known yet', { retryAfter: 2 });
