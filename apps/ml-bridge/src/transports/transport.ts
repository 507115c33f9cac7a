import type { Attempt, CancelReason } from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';

/** A way to the workers of a model. What they report comes in through `WorkerEventsService`, whatever the way. */
export interface Transport {
  /**
   * Hands a job over. One that no worker takes within `lifetimeMs` is not begun any more: its lease is over. May be called twice for the
   * same attempt. Rejects when the job did not get there.
   */
  send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void>;
  /** Best effort: whoever has the attempt stops it. */
  cancel(model: CatalogueModel, attempt: Attempt, reason: CancelReason): Promise<void>;
  /** How many jobs the workers of the model take at once now; 0 while there are none, or they cannot be reached. */
  countSlots(model: CatalogueModel): Promise<number>;
}
