import type { Document } from '#mesh';

/** A model before it is delivered. */
export interface Draft {
  document: Document;
  /** Where it came from, for the quality report. */
  provenance: Record<string, unknown>;
}
