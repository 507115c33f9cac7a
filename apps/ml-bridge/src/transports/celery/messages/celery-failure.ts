import { type AttemptErrorCode, type AttemptFailure, failureOf } from '../../../generations/attempt-failure.js';
import { fieldsOf } from '../../../json.js';

/** The exceptions that say what went wrong by their name: those of the package `lathe_worker`, of Celery, of Python and of PyTorch. */
const codes = new Map<string, AttemptErrorCode>([
  ['BadInput', 'bad_input'],
  ['Unsupported', 'unsupported'],
  ['ContentRejected', 'content_rejected'],
  ['InputUnavailable', 'input_unavailable'],
  ['OutputRejected', 'output_rejected'],
  ['OutOfMemory', 'out_of_memory'],
  ['ModelError', 'model_error'],
  ['DeadlineExceeded', 'deadline_exceeded'],
  ['Shutdown', 'shutdown'],
  ['Internal', 'internal'],
  ['MemoryError', 'out_of_memory'],
  ['OutOfMemoryError', 'out_of_memory'],
  ['SoftTimeLimitExceeded', 'deadline_exceeded'],
  ['TimeLimitExceeded', 'deadline_exceeded'],
  ['WorkerLostError', 'internal'],
  ['NotRegistered', 'engine_unavailable'],
]);

/** What CUDA, ROCm, Metal, cuBLAS and cuDNN say, as a plain `RuntimeError`. */
const memoryWords = new RegExp(
  [
    '(CUDA|HIP|MPS backend) out of memory',
    'CUDA error: out of memory',
    'CU(BLAS|DNN)_STATUS_ALLOC_FAILED',
    "DefaultCPUAllocator: can't allocate memory",
  ].join('|'),
);

const keptOfTraceback = 3000;

/** What the exception of a failed task means, in our words; Python's are for the log. */
export function failureOfException(exception: unknown, traceback: unknown): AttemptFailure {
  const { exc_type, exc_module, exc_message } = fieldsOf(exception);
  const type = typeof exc_type === 'string' ? exc_type : 'an exception without a type';
  const message = Array.isArray(exc_message) ? exc_message.map(text).join(', ') : text(exc_message);
  const code = codes.get(type) ?? (memoryWords.test(message) ? 'out_of_memory' : 'model_error');
  const about = [exc_module, type].filter((part) => typeof part === 'string').join('.');
  const where = typeof traceback === 'string' ? `\n${traceback.slice(-keptOfTraceback)}` : '';
  const failure = failureOf(code, `${about}: ${message}`.slice(0, 900) + where);
  // our package raises it for a stage; whether the task has run out of time too, the task service knows
  return type === 'DeadlineExceeded' ? { ...failure, retryable: true } : failure;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
