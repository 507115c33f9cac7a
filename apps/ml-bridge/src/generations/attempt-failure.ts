import type { TaskError } from '#contracts';
import type { WorkerErrorCode, WorkerEvent } from '#worker-contract';

/** What goes wrong with workers besides what they themselves report. */
export const bridgeErrorCodes = ['worker_lost', 'worker_stalled', 'worker_timeout', 'engine_unavailable'] as const;
export type AttemptErrorCode = WorkerErrorCode | (typeof bridgeErrorCodes)[number];

export interface AttemptFailure {
  code: AttemptErrorCode;
  message: string;
  retryable: boolean;
  /** For the log alone. */
  detail?: string;
}

/** What is said about an attempt, by its worker or by whoever speaks for it. */
export interface AttemptEvent extends Omit<WorkerEvent, 'error'> {
  error?: AttemptFailure;
}

const messages: Record<AttemptErrorCode, string> = {
  bad_input: 'The model cannot use this prompt or picture',
  unsupported: 'The model cannot do this',
  content_rejected: 'The model refuses to make this',
  input_unavailable: 'An input could not be read',
  output_rejected: 'The engine delivered no usable model',
  out_of_memory: 'There was not enough memory for this',
  model_error: 'The model failed',
  deadline_exceeded: 'The task ran out of time',
  shutdown: 'The worker was shut down',
  internal: 'Something went wrong in the worker',
  worker_lost: 'The worker stopped reporting',
  worker_stalled: 'The worker made no progress for too long',
  worker_timeout: 'A stage of the generation took too long',
  engine_unavailable: 'The engine cannot be reached, or takes no work',
};

const final = new Set<AttemptErrorCode>(['bad_input', 'unsupported', 'content_rejected', 'deadline_exceeded']);

/** A failure in our own words. What the other side said of it is for the log. */
export const failureOf = (code: AttemptErrorCode, detail?: string): AttemptFailure => ({
  code,
  message: messages[code],
  retryable: !final.has(code),
  ...(detail ? { detail: detail.slice(0, 4000) } : {}),
});

/** What is said of it to the task, without what is for the log. */
export const taskErrorOf = ({ code, message, retryable }: AttemptFailure, stage: string | null): TaskError => ({
  code,
  message,
  retryable,
  stage,
});

/** How an adapter gives a job up. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  private readonly retryable: boolean | undefined;

  /** `retryable: false` where another attempt might be paid for a second time; left out: as its code says. */
  constructor(
    readonly code: AttemptErrorCode,
    detail: string,
    options?: ErrorOptions & { retryable?: boolean },
  ) {
    super(detail, options);
    this.retryable = options?.retryable;
  }

  /** What is said of the attempt. */
  get failure(): AttemptFailure {
    const failure = failureOf(this.code, this.message);
    return { ...failure, retryable: this.retryable ?? failure.retryable };
  }
}
