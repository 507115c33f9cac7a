import { rpc } from './contract.js';
import { Pattern, Whole } from './fields.js';

/** So that a window's points and those of one taking fit into a PostgreSQL integer together. */
const mostPoints = 1_000_000_000;

/** Asks for points of a budget that all gateways share: `limit` points in each window of `window_seconds`. */
export class TakeAllowance {
  @Pattern({ pattern: /^[a-z-]{1,32}:[\w.:/-]{1,100}$/ }) bucket: string;
  @Whole({ min: 1, max: mostPoints, description: 'As many as these, or what is left' }) points: number;
  @Whole({ min: 1, max: mostPoints }) limit: number;
  @Whole({ min: 1, max: 86_400 }) window_seconds: number;
}

export class Allowance {
  @Whole({ min: 0 }) granted: number;
  @Whole({ min: 0, description: 'What is left for everybody after this' }) remaining: number;
  @Whole({ min: 0, description: 'Until the window ends' }) resets_in_ms: number;
}

export const takeAllowance = rpc('auth', 'allowance.take', TakeAllowance, Allowance);
