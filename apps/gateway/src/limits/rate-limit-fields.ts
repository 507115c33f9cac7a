import { Problem } from '#contracts';
import { metrics } from '#telemetry';
import type { Policy } from './budget.js';

/** What became of one request under one policy. */
export interface Verdict {
  policy: Policy;
  admitted: boolean;
  remaining: number;
  secondsLeft: number;
}

/** An answer under way, as far as its header fields go. */
export interface Answer {
  getHeader(name: string): number | string | string[] | undefined;
  header(name: string, value: string): unknown;
}

/** Tells a client where it stands under one more policy. */
export function tell(answer: Answer, verdict: Verdict): void {
  append(answer, 'ratelimit-policy', policyItem(verdict.policy));
  append(answer, 'ratelimit', limitItem(verdict));
}

/** Both fields are lists (RFC 9651 §3.1). */
function append(answer: Answer, name: string, item: string): void {
  const before = answer.getHeader(name);
  answer.header(name, before === undefined ? item : `${String(before)}, ${item}`);
}

/** An item of RateLimit-Policy: the quota and its window (draft-ietf-httpapi-ratelimit-headers-10). */
const policyItem = ({ name, limit, windowSeconds }: Policy): string => `"${name}";q=${limit};w=${windowSeconds}`;

/** An item of RateLimit: what is left of the quota, and the seconds until it is whole again (the same draft). */
const limitItem = ({ policy, remaining, secondsLeft }: Verdict): string =>
  `"${policy.name}";r=${remaining};t=${secondsLeft}`;

/** The refusal of what is not admitted: 429, to be retried when the window is over. */
export function tooManyRequests({ policy, secondsLeft }: Verdict): Problem {
  metrics.rateLimited.inc({ scope: policy.name });
  return new Problem(
    'too_many_requests',
    `The limit "${policy.name}", ${policy.limit} in ${policy.windowSeconds} seconds, is used up`,
    { retryAfter: secondsLeft },
  );
}
