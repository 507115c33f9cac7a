"""The messages of the worker contract (docs/workers.md; libs/worker-contract/src/schemas), as far as a worker reads them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
OPERATIONS = frozenset(
    ["text_to_3d", "image_to_3d", "multiview_to_3d", "retexture", "remesh", "convert", "rig"]
)


class ContractViolation(ValueError):
    """A message that is not what the contract says. It names the field."""


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
    deadline_at: Optional[str] = None
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
    job = _object(message)
    _version(job, 1)
    operation = _text(job, "operation", 100)
    if operation not in OPERATIONS:
        raise ContractViolation(f"operation {operation!r} is not known")
    return JobMessage(
        task_id=_text(job, "task_id", 64),
        attempt=_whole(job, "attempt", 1),
        lease_token=_text(job, "lease_token", 64),
        operation=operation,
        params=_mapping(job, "params"),
        inputs=tuple(_input(about) for about in _list(job, "inputs", 0)),
        outputs=tuple(_output(about) for about in _list(job, "outputs", 1)),
        budget_ms=_whole(job, "budget_ms", 1),
        heartbeat_ms=_whole(job, "heartbeat_ms", 1000),
        model=job.get("model"),
        deadline_at=job.get("deadline_at"),
        traceparent=job.get("traceparent"),
    )


def parse_control(message: Union[bytes, str, Mapping[str, Any]]) -> Optional[Cancel]:
    """Reads ml-control.v1 and v2; None for what a worker may ignore (`drain`). Raises ContractViolation, also for another version."""
    control = _object(message)
    version = _version(control, 1, 2)
    if control.get("type") != "cancel":
        return None
    return Cancel(
        task_id=_text(control, "task_id", 64),
        attempt=_whole(control, "attempt", 1),
        reason=_text(control, "reason", 32),
        worker_id=_text(control, "worker_id", 100) if version == 2 else None,
    )


def _input(about: Mapping[str, Any]) -> JobInput:
    return JobInput(
        name=_name(about),
        url=_text(about, "url", 4096),
        content_type=_text(about, "content_type", 100),
        bytes=_whole(about, "bytes", 0),
        sha256=_matching(about, "sha256", _SHA256),
    )


def _output(about: Mapping[str, Any]) -> JobOutput:
    return JobOutput(
        name=_name(about),
        format=_text(about, "format", 16),
        url=_text(about, "url", 4096),
        max_bytes=_whole(about, "max_bytes", 1),
        headers={str(name): str(value) for name, value in (about.get("headers") or {}).items()},
        required=about.get("required", True) is not False,
    )


def _object(message: Union[bytes, str, Mapping[str, Any]]) -> Dict[str, Any]:
    if isinstance(message, Mapping):
        return dict(message)
    try:
        content = json.loads(message)
    except ValueError as error:
        raise ContractViolation("not JSON") from error
    if not isinstance(content, dict):
        raise ContractViolation("not an object")
    return content


def _version(message: Mapping[str, Any], *known: int) -> int:
    version = message.get("v")
    if isinstance(version, bool) or version not in known:
        raise ContractViolation(f"version {version!r} is not known")
    return int(version)


def _text(about: Mapping[str, Any], name: str, limit: int) -> str:
    value = about.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise ContractViolation(f"{name} must be text of 1 to {limit} characters")
    return value


def _matching(about: Mapping[str, Any], name: str, pattern: "re.Pattern[str]") -> str:
    value = about.get(name)
    if not isinstance(value, str) or not pattern.match(value):
        raise ContractViolation(f"{name} is not of its form")
    return value


def _name(about: Mapping[str, Any]) -> str:
    return _matching(about, "name", _NAME)


def _whole(about: Mapping[str, Any], name: str, least: int) -> int:
    value = about.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ContractViolation(f"{name} must be a whole number of at least {least}")
    return value


def _mapping(about: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = about.get(name)
    if not isinstance(value, dict):
        raise ContractViolation(f"{name} must be an object")
    return value


def _list(about: Mapping[str, Any], name: str, least: int) -> List[Mapping[str, Any]]:
    value = about.get(name)
    if not isinstance(value, list) or not least <= len(value) <= 16:
        raise ContractViolation(f"{name} must be a list of {least} to 16")
    if not all(isinstance(entry, dict) for entry in value):
        raise ContractViolation(f"{name} must hold objects")
    return value
