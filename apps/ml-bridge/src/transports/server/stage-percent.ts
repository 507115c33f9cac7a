import type { Stage } from '../../catalogue/catalogue-model.js';

/** The last percent is for taking the model over. */
const mostPercent = 99;

/**
 * How far a job is altogether when so much of a stage is done, as whole percent by the weights of the stages; 0 of a stage that the
 * catalogue does not have.
 */
export function percentAt(stages: readonly Stage[], stage: string, fraction = 0): number {
  const at = stages.findIndex(({ name }) => name === stage);
  const total = weightOf(stages);
  if (at === -1 || total <= 0) return 0;
  const done = weightOf(stages.slice(0, at)) + stages[at]!.weight * within(fraction);
  return Math.min(mostPercent, Math.floor((done / total) * 100));
}

const weightOf = (stages: readonly Stage[]): number => stages.reduce((sum, { weight }) => sum + weight, 0);

/** A server may say anything. */
const within = (fraction: number): number => (fraction > 0 ? Math.min(1, fraction) : 0);
