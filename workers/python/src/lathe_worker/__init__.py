"""Wrap a model that makes 3D models as a worker of Lathe: write `generate(job, progress)` and start `python -m lathe_worker`."""

from .model.artifacts import Artifact
from .model.errors import (
    BadInput,
    Canceled,
    ContentRejected,
    DeadlineExceeded,
    InputUnavailable,
    Internal,
    ModelError,
    OutOfMemory,
    OutputRejected,
    Shutdown,
    Unsupported,
    WorkerError,
)
from .model.job import Job
from .model.parameters import Parameters
from .model.progress import Progress

__all__ = [
    "Artifact",
    "BadInput",
    "Canceled",
    "ContentRejected",
    "DeadlineExceeded",
    "InputUnavailable",
    "Internal",
    "Job",
    "ModelError",
    "OutOfMemory",
    "OutputRejected",
    "Parameters",
    "Progress",
    "Shutdown",
    "Unsupported",
    "WorkerError",
]
