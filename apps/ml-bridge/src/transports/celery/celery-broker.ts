import type { Command } from './messages/celery-control.js';
import type { TaskMessage } from './messages/celery-task.js';

/** Where the connection brings what workers say. */
export interface BrokerListener {
  /** Of a state of a task; the message is kept until this resolves, and parked when it rejects with a ContractViolation. */
  onResult: (body: string) => Promise<void>;
  onAnswer: (ticket: string, body: string) => void;
}

/** The connection to one broker of Celery workers, which comes back by itself. */
export interface CeleryBroker {
  /** Whether messages can be exchanged now. */
  readonly reachable: boolean;
  /** Resolves at once; the connection is made whenever the broker is there. */
  open(): Promise<void>;
  /** Reads no more results, and finishes with those it has read. Workers can still be told things. */
  stopReading(): Promise<void>;
  close(): Promise<void>;
  /** Rejects unless the broker has it. */
  send(task: TaskMessage): Promise<void>;
  /** Tells every worker; with a ticket they answer to the listener. Rejects when the broker cannot be reached. */
  tell(command: Command, ticket?: string): Promise<void>;
  /** What waits in a queue, and who reads it; `consumers` is null where a broker does not know, and all is null while it does not say. */
  look(queue: string): Promise<{ waiting: number; consumers: number | null } | null>;
  /** Moves what would kill a worker out of a queue in which so many `waiting` were just seen. Returns how many went to the dead letters. */
  removePoison(queue: string, waiting: number): Promise<number>;
}

/** How much of a queue is looked through for poison: a worker has no more than that in hand. */
export const poisonDepth = 100;
