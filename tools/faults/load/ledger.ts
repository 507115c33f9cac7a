import type { TaskStatus } from '#contracts';

/** An answer that should not have been, or none: `status` is 0 when the connection failed. */
export interface BadAnswer {
  at: number;
  tookMs: number;
  method: string;
  path: string;
  status: number;
  contentType: string | null;
  retryAfter: string | null;
  said: string;
}

export const wishes = ['watch', 'wait', 'follow', 'cancel', 'remove', 'hurry', 'twice'] as const;
/** What a client does with its task: asks, waits, reads the events, cancels, removes, sets a deadline, or posts it twice at once. */
export type Wish = (typeof wishes)[number];

/** One thing that a client wanted: one Idempotency-Key, one body, and what became of it. */
export interface Order {
  key: string;
  owner: string;
  wish: Wish;
  postedAt: number;
  acceptedAt: number | undefined;
  /** Of every answer that accepted it; more than one when something is wrong. */
  taskIds: Set<string>;
  endedAt: number | undefined;
  /** As its client saw it; undefined while it has not ended, and when it was removed before. */
  seen: TaskStatus | undefined;
  removed: boolean;
}

/** Everything the clients saw, for the judgement at the end. */
export class Ledger {
  readonly orders: Order[] = [];
  readonly badAnswers: BadAnswer[] = [];
  /** What no client of a sound system ever sees, fault or not. */
  readonly surprises: string[] = [];

  get accepted(): Order[] {
    return this.orders.filter(({ taskIds }) => taskIds.size > 0);
  }
}
