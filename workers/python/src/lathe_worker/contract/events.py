"""What a worker reports (ml-event.v1)."""

from __future__ import annotations

import os
import re
import socket
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Optional

from ..model.errors import printable
from .messages import JobMessage

Event = Dict[str, Any]


class Reporter:
    """Makes the events of one attempt: `seq` grows by one with each, and each has an id of its own that stays when it is sent again."""

    def __init__(self, job: JobMessage, worker_id: str) -> None:
        self._job = job
        self._worker_id = worker_id
        self._seq = 0

    def event(self, kind: str, **about: Any) -> Event:
        """`kind` is accepted, progress, succeeded, failed or canceled."""
        event = {
            "v": 1,
            "type": kind,
            "event_id": str(uuid.uuid4()),
            "task_id": self._job.task_id,
            "attempt": self._job.attempt,
            "lease_token": self._job.lease_token,
            "worker_id": self._worker_id,
            "seq": self._seq,
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            **about,
        }
        self._seq += 1
        return event


def worker_identity(name: Optional[str] = None) -> str:
    """One for each start of a process: a worker that was started again is another one."""
    unfit = re.compile(r"[^A-Za-z0-9_.@:-]")
    host = unfit.sub("-", name or socket.gethostname())[:60]
    return f"{host}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def stage_name(stage: str) -> str:
    """As the contract takes it: at most 64 characters."""
    return printable(stage)[:64]
