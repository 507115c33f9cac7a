"""`python -m lathe_worker.selfcheck`: one event of every kind and failure, a line of JSON each, for checking them against the schema."""

from __future__ import annotations

import json
from typing import Iterator

from .contract.events import Event, Reporter, worker_identity
from .contract.messages import JobMessage
from .jobs.perform import Result
from .model import errors

_JOB = JobMessage(
    task_id="6f1d7a52-9d1f-4c0e-8b53-7c5f3c1d9a10",
    attempt=1,
    lease_token="0123456789abcdefghijkl",
    operation="text_to_3d",
    params={},
    inputs=(),
    outputs=(),
    budget_ms=60_000,
    heartbeat_ms=5_000,
)
_FAILURES = (
    errors.BadInput,
    errors.Unsupported,
    errors.ContentRejected,
    errors.InputUnavailable,
    errors.OutputRejected,
    errors.OutOfMemory,
    errors.ModelError,
    errors.DeadlineExceeded,
    errors.Shutdown,
    errors.Internal,
)


def events() -> Iterator[Event]:
    """As the runner makes them."""
    reporter = Reporter(_JOB, worker_identity())
    artifact = {"name": "raw.glb", "format": "glb", "bytes": 20, "sha256": "0" * 64, "meta": {"a": 1}}
    result = Result([artifact], {"generate_seconds": 1.5})
    yield reporter.event("accepted", stage="accepted")
    yield reporter.event("progress", percent=12.5, stage="shape")
    yield reporter.event("succeeded", artifacts=result.artifacts, metrics=result.metrics)
    yield reporter.event("canceled")
    for failure in _FAILURES:
        yield reporter.event("failed", error=errors.failure_of(failure("what the model said\x00" * 500)))


if __name__ == "__main__":
    for event in events():
        print(json.dumps(event))
