"""The messages of the worker contract (docs/workers.md; libs/worker-contract/src/schemas), as far as a worker reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Tuple, Union

from .reading import (
    SHA256,
    ContractViolation,
    list_of,
    mapping_of,
    matching_of,
    name_of,
    object_of,
    text_of,
    version_of,
    whole_of,
)

OPERATIONS = frozenset(
    ["text_to_3d", "image_to_3d", "multiview_to_3d", "retexture", "remesh", "convert", "rig"]
)


@dataclass(frozen=True)
class JobInput:
    """A file to read: a presigned GET."""

    name: str
    url: str
    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class JobOutput:
    """A file to write: a presigned PUT, good for this attempt alone. `headers` are sent as they are."""

    name: str
    format: str
    url: str
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    required: bool = True


@dataclass(frozen=True)
class JobMessage:
    """One attempt of one task (ml-job.v1)."""

    task_id: str
    attempt: int
    lease_token: str
    operation: str
    params: Mapping[str, Any]
    inputs: Tuple[JobInput, ...]
    outputs: Tuple[JobOutput, ...]
    budget_ms: int
    heartbeat_ms: int
    model: Optional[str] = None
    traceparent: Optional[str] = None

    @property
    def key(self) -> Tuple[str, int]:
        return (self.task_id, self.attempt)


@dataclass(frozen=True)
class Cancel:
    """Stop an attempt (ml-control.v1); with `worker_id` only if it is that worker's (v2)."""

    task_id: str
    attempt: int
    reason: str
    worker_id: Optional[str] = None


def parse_job(message: Union[bytes, str, Mapping[str, Any]]) -> JobMessage:
    """Reads ml-job.v1. Unknown fields are ignored. Raises ContractViolation, also for another version."""
    job = object_of(message)
    version_of(job, 1)
    operation = text_of(job, "operation", 100)
    if operation not in OPERATIONS:
        raise ContractViolation(f"operation {operation!r} is not known")
    return JobMessage(
        task_id=text_of(job, "task_id", 64),
        attempt=whole_of(job, "attempt", 1),
        lease_token=text_of(job, "lease_token", 64),
        operation=operation,
        params=mapping_of(job, "params"),
        inputs=tuple(_input(about) for about in list_of(job, "inputs", 0)),
        outputs=tuple(_output(about) for about in list_of(job, "outputs", 1)),
        budget_ms=whole_of(job, "budget_ms", 1),
        heartbeat_ms=whole_of(job, "heartbeat_ms", 1000),
        model=job.get("model"),
        traceparent=job.get("traceparent"),
    )


def parse_control(message: Union[bytes, str, Mapping[str, Any]]) -> Optional[Cancel]:
    """Reads ml-control.v1 and v2; None for what a worker may ignore (`drain`). Raises ContractViolation, also for another version."""
    control = object_of(message)
    version = version_of(control, 1, 2)
    if control.get("type") != "cancel":
        return None
    return Cancel(
        task_id=text_of(control, "task_id", 64),
        attempt=whole_of(control, "attempt", 1),
        reason=text_of(control, "reason", 32),
        worker_id=text_of(control, "worker_id", 100) if version == 2 else None,
    )


def _input(about: Mapping[str, Any]) -> JobInput:
    return JobInput(
        name=name_of(about),
        url=text_of(about, "url", 4096),
        content_type=text_of(about, "content_type", 100),
        bytes=whole_of(about, "bytes", 0),
        sha256=matching_of(about, "sha256", SHA256),
    )


def _output(about: Mapping[str, Any]) -> JobOutput:
    return JobOutput(
        name=name_of(about),
        format=text_of(about, "format", 16),
        url=text_of(about, "url", 4096),
        max_bytes=whole_of(about, "max_bytes", 1),
        headers={str(name): str(value) for name, value in (about.get("headers") or {}).items()},
        required=about.get("required", True) is not False,
    )
