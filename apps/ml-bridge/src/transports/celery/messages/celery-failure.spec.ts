import fc from 'fast-check';
import { failureOfException } from './celery-failure.js';

const exception = (exc_type: string, exc_message: unknown = [], exc_module = 'somewhere') => ({
  exc_type,
  exc_message,
  exc_module,
});

describe('an exception of a Celery task', () => {
  it.each([
    ['BadInput', 'bad_input', false],
    ['Unsupported', 'unsupported', false],
    ['ContentRejected', 'content_rejected', false],
    ['InputUnavailable', 'input_unavailable', true],
    ['OutputRejected', 'output_rejected', true],
    ['OutOfMemory', 'out_of_memory', true],
    ['ModelError', 'model_error', true],
    ['Shutdown', 'shutdown', true],
    ['MemoryError', 'out_of_memory', true],
    ['OutOfMemoryError', 'out_of_memory', true],
    ['SoftTimeLimitExceeded', 'deadline_exceeded', false],
    ['TimeLimitExceeded', 'deadline_exceeded', false],
    ['DeadlineExceeded', 'deadline_exceeded', true],
    ['WorkerLostError', 'internal', true],
    ['NotRegistered', 'engine_unavailable', true],
    ['ValueError', 'model_error', true],
    ['constructor', 'model_error', true],
  ])('%s is %s', (type, code, retryable) => {
    expect(failureOfException(exception(type), null)).toMatchObject({ code, retryable });
  });

  it.each([
    'CUDA out of memory. Tried to allocate 20.00 GiB',
    'CUDA error: out of memory',
    'CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)',
    'HIP out of memory',
  ])('is a lack of memory by its words too: %s', (words) => {
    expect(failureOfException(exception('RuntimeError', [words]), null).code).toBe('out_of_memory');
  });

  it('is told in our words, and in its own to the log alone', () => {
    const failure = failureOfException(exception('ValueError', ['SECRET'], 'builtins'), 'Traceback: SECRET');
    expect(failure).toMatchObject({
      message: 'The model failed',
      detail: 'builtins.ValueError: SECRET\nTraceback: SECRET',
    });
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (anything, traceback) => {
        const { message, detail } = failureOfException(anything, traceback);
        expect([message.length < 100, (detail ?? '').length <= 4000]).toEqual([true, true]);
      }),
    );
  });
});
