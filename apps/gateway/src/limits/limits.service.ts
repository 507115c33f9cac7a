import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import type { Budget, Policy } from './budget.js';
import { Budgets } from './budgets.js';
import type { Verdict } from './rate-limit-fields.js';
import { SharedAllowancesService } from './shared-allowances.service.js';

/** What is counted, and for whom: `registrations` and `address` by network, `account` by id. */
export type PolicyName = 'address' | 'account' | 'registrations';

/** About 300 bytes each, for each policy. */
const mostBudgets = 50_000;

/**
 * The rate limits of all gateways together. A gateway spends points that it has in stock without asking anybody; see Budget for
 * why the limit holds all the same. Requests that have to wait for an answer about one budget wait for one question.
 */
@Injectable()
export class LimitsService implements OnModuleInit {
  readonly enabled: boolean;
  private readonly logger = new Logger(LimitsService.name);
  private readonly policies: Record<PolicyName, { policy: Policy; budgets: Budgets }>;

  constructor(
    private readonly shared: SharedAllowancesService,
    config: GatewayConfig,
  ) {
    this.enabled = config.RATE_LIMITS === 'on';
    this.policies = {
      address: withBudgets({ name: 'address', limit: config.RATE_LIMIT_PER_ADDRESS, windowSeconds: 60 }),
      account: withBudgets({ name: 'account', limit: config.RATE_LIMIT_PER_ACCOUNT, windowSeconds: 60 }),
      registrations: withBudgets({
        name: 'registrations',
        limit: config.REGISTRATIONS_PER_ADDRESS,
        windowSeconds: 3600,
      }),
    };
  }

  onModuleInit(): void {
    if (!this.enabled) this.logger.warn('RATE_LIMITS=off: no request is limited, whoever sends however many');
  }

  /** Spends the points if there are as many. `key` is the account or the network. */
  take(name: PolicyName, key: string, points: number): Verdict | Promise<Verdict> {
    const { policy, budgets } = this.policies[name];
    const now = performance.now();
    const budget = budgets.of(key, now);
    const admitted = budget.spend(points, now);
    return admitted === undefined
      ? this.waitFor(policy, key, budget, points)
      : verdictOf(policy, budget, admitted, now);
  }

  private async waitFor(policy: Policy, key: string, budget: Budget, points: number): Promise<Verdict> {
    budget.waiting += points;
    try {
      for (;;) {
        budget.question ??= this.ask(policy, key, budget);
        await budget.question;
        const now = performance.now();
        const admitted = budget.spend(points, now);
        if (admitted !== undefined) return verdictOf(policy, budget, admitted, now);
      }
    } finally {
      budget.waiting -= points;
    }
  }

  private async ask({ name, limit, windowSeconds }: Policy, key: string, budget: Budget): Promise<void> {
    const askedAt = performance.now();
    const allowance = await this.shared.take({
      bucket: `${name}:${key}`,
      points: budget.wanted(askedAt),
      limit,
      window_seconds: windowSeconds,
    });
    budget.question = undefined;
    if (allowance) budget.refill(allowance, askedAt);
    else budget.countAlone(performance.now());
  }
}

const withBudgets = (policy: Policy): { policy: Policy; budgets: Budgets } => ({
  policy,
  budgets: new Budgets(policy, mostBudgets),
});

const verdictOf = (policy: Policy, budget: Budget, admitted: boolean, now: number): Verdict => ({
  policy,
  admitted,
  remaining: budget.remaining,
  secondsLeft: budget.secondsLeft(now),
});
