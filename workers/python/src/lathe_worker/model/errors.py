"""Why a job failed, in the codes of the worker contract (docs/workers.md)."""

from __future__ import annotations

import traceback
from typing import Any, Dict, Optional

MAX_DETAIL = 4000


class WorkerError(Exception):
    """
    A failure with a code. What it is raised with goes into the event's `detail` and the log; what is said in `message` is one fixed
    sentence for each code, since words of models and libraries may hold anything.
    """

    code = "internal"
    sentence = "Something went wrong in the worker"
    retryable = True

    def __init__(self, detail: str = "", retryable: Optional[bool] = None) -> None:
        super().__init__(detail or self.sentence)
        if retryable is not None:
            self.retryable = retryable


class BadInput(WorkerError):
    """The prompt, the picture or the mesh cannot be used."""

    code = "bad_input"
    sentence = "The model cannot use this prompt or picture"
    retryable = False


class Unsupported(WorkerError):
    """The worker does not know this operation, parameter or format."""

    code = "unsupported"
    sentence = "The model cannot do this"
    retryable = False


class ContentRejected(WorkerError):
    """The model refuses to make this."""

    code = "content_rejected"
    sentence = "The model refuses to make this"
    retryable = False


class InputUnavailable(WorkerError):
    """An input cannot be read, or is not the file that the job describes."""

    code = "input_unavailable"
    sentence = "An input could not be read"


class OutputRejected(WorkerError):
    """An output is missing, or larger than the job allows."""

    code = "output_rejected"
    sentence = "The engine delivered no usable model"


class OutOfMemory(WorkerError):
    """Not enough memory, of the machine or of the GPU. The next job gets a fresh process."""

    code = "out_of_memory"
    sentence = "There was not enough memory for this"


class ModelError(WorkerError):
    """The model failed. Also what any other exception counts as."""

    code = "model_error"
    sentence = "The model failed"


class DeadlineExceeded(WorkerError):
    """The job's budget is over; or, retryable, that of one stage."""

    code = "deadline_exceeded"
    sentence = "The task ran out of time"
    retryable = False


class Shutdown(WorkerError):
    """The worker was asked to end."""

    code = "shutdown"
    sentence = "The worker was shut down"


class Internal(WorkerError):
    """Anything else that is not the model's fault."""


class Canceled(BaseException):
    """Ends a job that nobody wants any more. Not an `Exception`, so that no `except Exception` of a pipeline swallows it."""


def failure_of(error: BaseException) -> Dict[str, Any]:
    """The `error` of a `failed` event (ml-event.v1) for any exception."""
    known = as_worker_error(error)
    detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return failure(known, detail)


def failure(error: WorkerError, detail: Optional[str] = None) -> Dict[str, Any]:
    """The `error` of a `failed` event; its `detail` keeps the end, where a traceback says what happened."""
    about = printable(detail if detail is not None else str(error))[-MAX_DETAIL:]
    fault: Dict[str, Any] = {
        "code": error.code,
        "message": error.sentence,
        "retryable": error.retryable,
    }
    return {**fault, "detail": about} if about else fault


def as_worker_error(error: BaseException) -> WorkerError:
    """The exception itself, or what it counts as: Celery's soft time limit, by its name, is the end of the job's budget."""
    if isinstance(error, WorkerError):
        return error
    if type(error).__name__ == "SoftTimeLimitExceeded":
        return DeadlineExceeded(str(error))
    if is_out_of_memory(error):
        return OutOfMemory(str(error))
    return ModelError(str(error))


_MEMORY_WORDS = (
    "CUDA out of memory",
    "HIP out of memory",
    "MPS backend out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "CUDA error: out of memory",
    "DefaultCPUAllocator: can't allocate memory",
)


def is_out_of_memory(error: BaseException) -> bool:
    """
    Whether memory ran out: `MemoryError`, `torch.cuda.OutOfMemoryError` (by its name, as torch need not be here), or a `RuntimeError`
    with one of the sentences of CUDA, cuBLAS and cuDNN. Causes count too.
    """
    seen: Optional[BaseException] = error
    for _ in range(8):
        if seen is None:
            return False
        if isinstance(seen, (MemoryError, OutOfMemory)) or type(seen).__name__ == "OutOfMemoryError":
            return True
        if isinstance(seen, RuntimeError) and any(words in str(seen) for words in _MEMORY_WORDS):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def leaves_process_unusable(error: BaseException) -> bool:
    """After a CUDA error every later call in the process fails too, and after a lack of memory what is left is in pieces."""
    return is_out_of_memory(error) or "CUDA error" in str(error)


def printable(text: str) -> str:
    """Without NUL and lone surrogates, which JSON columns of databases refuse."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
