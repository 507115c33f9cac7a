import type { AdoptedArtifact, TaskError, TaskStatus } from '#contracts';
import type { Episode } from '../campaign.js';
import type { Ledger } from '../load/ledger.js';

export interface StoredTask {
  id: string;
  ownerId: string;
  key: string | null;
  status: TaskStatus;
  seq: number;
  attempt: number;
  isHandedOut: boolean;
  outputFormats: string[];
  artifacts: AdoptedArtifact[];
  error: TaskError | null;
}

export interface StoredEvent {
  taskId: string;
  seq: number;
  status: TaskStatus;
  progress: number;
}

export interface FileRow {
  id: string;
  taskId: string | null;
  kind: string;
  sizeBytes: number;
  sha256: string;
  objectKey: string;
}

/** An object of the store, with the hash of its bytes. */
export interface StoredObject {
  size: number;
  sha256: string;
}

export interface DeadLetter {
  queue: string;
  messageId: string;
  type: string;
  /** Why the broker parked it: `rejected`, `delivery_limit`, `expired`, … */
  reason: string;
  content: string;
}

/** Everything that is there when the faults are over and the system has come to rest, with what its clients saw. */
export interface Evidence {
  ledger: Ledger;
  episodes: readonly Episode[];
  tasks: StoredTask[];
  /** By task and number. */
  events: StoredEvent[];
  files: FileRow[];
  objects: ReadonlyMap<string, StoredObject>;
  /** How many facts are in the outbox of each schema. */
  outboxes: Record<string, number>;
  deadLetters: DeadLetter[];
  /** How many jobs the engines are said to take at once. */
  slots: number;
  /** Of the processor time of one core that the engines' processes used while they had nothing to do, in percent. */
  idleEngineLoad: number;
}
