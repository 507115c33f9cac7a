import { Injectable, Logger } from '@nestjs/common';
import { type Allowance, takeAllowance, type TakeAllowance } from '#contracts';
import { RpcClient } from '#messaging';
import { GatewayConfig } from '../gateway.config.js';

/** A request waits for the answer; when there is none, that one waits this long, and no other for the next five seconds. */
const answerWithinMs = 2000;
const askAgainAfterMs = 5000;

/** The counters that all gateways share, which the auth service keeps. While it does not answer, it is asked once in five seconds. */
@Injectable()
export class SharedAllowancesService {
  private readonly logger = new Logger(SharedAllowancesService.name);
  private readonly timeoutMs: number;
  private away = false;
  private askAgainAt = 0;

  constructor(
    private readonly rpc: RpcClient,
    { RPC_TIMEOUT_MS }: GatewayConfig,
  ) {
    this.timeoutMs = Math.min(answerWithinMs, RPC_TIMEOUT_MS);
  }

  /** What was given, or null when nobody answers: a limit must never be the reason why a request cannot be served. */
  async take(request: TakeAllowance): Promise<Allowance | null> {
    if (this.away && performance.now() < this.askAgainAt) return null;
    this.askAgainAt = performance.now() + askAgainAfterMs;
    try {
      const allowance = await this.rpc.call(takeAllowance, request, this.timeoutMs);
      if (this.away) this.logger.log('the shared rate limits are back');
      this.away = false;
      return allowance;
    } catch (error) {
      if (!this.away) this.logger.warn(`rate limits are counted by this gateway alone: ${(error as Error).message}`);
      this.away = true;
      return null;
    }
  }
}
