import type { Allowance, TakeAllowance } from '#contracts';

/** What a window looks like right after a taking was added to it. */
export interface AfterTaking {
  /** The points given out before, at most the limit, and all the points of this taking. */
  used: number;
  resetsInMs: number;
}

/**
 * What a taking got. It was added to the window whole, so that the window alone says what was there before it: the points up to
 * the limit are its own, the rest was never there. The points of all takings of a window are at most its limit.
 */
export function allowanceOf({ points, limit }: Pick<TakeAllowance, 'points' | 'limit'>, after: AfterTaking): Allowance {
  const left = Math.max(0, limit - (after.used - points));
  const granted = Math.min(points, left);
  return { granted, remaining: left - granted, resets_in_ms: Math.max(0, Math.ceil(after.resetsInMs)) };
}
