import type { WorkerErrorCode, WorkerFailure } from '#worker-contract';
import { GenerationError } from '../reference/generation-error.js';

/** Why a job cannot be done, in the words of the worker contract. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';

  constructor(
    readonly code: WorkerErrorCode,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }
}

/** Any thrown thing as the contract reports it; what is not ours to explain is `model_error`. */
export function failureOf(error: unknown): WorkerFailure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const detail = stack?.slice(0, 4000);
  const short = message.slice(0, 500);
  if (error instanceof JobFailure) return { code: error.code, message: short, retryable: error.retryable };
  if (error instanceof GenerationError) return { code: error.code, message: short, retryable: false };
  return { code: 'model_error', message: short, retryable: false, ...(detail ? { detail } : {}) };
}
