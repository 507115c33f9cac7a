import { factInHand } from './fact-in-hand.js';
import { oldCopies } from './old-copies.js';
import type { Scenario } from './scenario.js';
import { staleWorker } from './stale-worker.js';

const scenarios: readonly Scenario[] = [staleWorker, oldCopies, factInHand];

/** The scenario that one guard decides. Throws when there is no such guard. */
export function scenarioOf(guard: string): Scenario {
  const found = scenarios.find((scenario) => scenario.guard === guard);
  if (found) return found;
  throw new Error(`No such guard; there are: ${scenarios.map((scenario) => scenario.guard).join(', ')}`);
}
