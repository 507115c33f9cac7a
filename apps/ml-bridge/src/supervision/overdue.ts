import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import { type Generation, isFinishing } from '../generations/generation.js';

/** What of an attempt is overdue: the worker is heard and gets nowhere, or its stage takes longer than it may. */
export type Overdue = 'worker_stalled' | 'worker_timeout';

/** Whether there is a limit that an attempt of the model could pass. */
export const mayBeOverdue = ({ stages, stallSeconds }: CatalogueModel): boolean =>
  stallSeconds !== null || stages.some(({ deadlineSeconds }) => deadlineSeconds !== null);

/** Silence is not looked at here: that is what the lease is for. What is delivered is not the worker's any more. */
export function overdueOf(generation: Generation, model: CatalogueModel, now: Date): Overdue | null {
  const { stage, stageSince, progressedAt, cancelReason } = generation;
  if (isFinishing(generation) || cancelReason || generation.status !== 'accepted') return null;
  const limit = model.stages.find(({ name }) => name === stage)?.deadlineSeconds ?? null;
  if (isOlder(stageSince, limit, now)) return 'worker_timeout';
  return isOlder(progressedAt, model.stallSeconds, now) ? 'worker_stalled' : null;
}

const isOlder = (moment: Date | null, seconds: number | null, now: Date): boolean =>
  moment !== null && seconds !== null && now.getTime() - moment.getTime() > seconds * 1000;
