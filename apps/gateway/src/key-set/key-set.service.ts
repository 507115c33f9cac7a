import type { KeyObject } from 'node:crypto';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { KeySet, keySetChanged, Problem, readKeySet } from '#contracts';
import { BroadcastListener, RpcClient, validated } from '#messaging';
import { verifiersOf } from './public-keys.js';

const refreshEveryMs = 5 * 60_000;
const retryEveryMs = 1000;
/**
 * Tokens with made-up key ids turn into one question a second at most; and a new key whose announcement was missed is unknown for no
 * longer than that, however many of them somebody sends.
 */
const askAgainAfterMs = 1000;

/**
 * The public keys of the access tokens. Asked for at the start, when they change, every five minutes, and when a token names a key that
 * is not known; while the auth service is down, the keys that are known go on working.
 */
@Injectable()
export class KeySetService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('key-set');
  private published: KeySet = { keys: [] };
  private verifiers = new Map<string, KeyObject>();
  private reading: Promise<void> | undefined;
  private askedAgainAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;
  private stopped = false;

  constructor(
    private readonly rpc: RpcClient,
    private readonly facts: BroadcastListener,
  ) {}

  onModuleInit(): void {
    this.facts.on(keySetChanged, () => void this.readAnew());
    this.facts.onMissed(() => void this.readAnew());
  }

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
    if (!this.reading && now - this.askedAgainAt < askAgainAfterMs) return;
    this.askedAgainAt = now;
    await this.read();
  }

  /** What is being read may be the set of before: it is read once more. */
  private async readAnew(): Promise<void> {
    await this.reading;
    await this.keepFresh();
  }

  private async keepFresh(): Promise<void> {
    await this.read();
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.keepFresh(), this.failing ? retryEveryMs : refreshEveryMs).unref();
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
