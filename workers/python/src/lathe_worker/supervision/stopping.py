"""How a job is stopped: asked at its next step, then SIGTERM, then SIGKILL."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

from ..contract.messages import JobMessage
from ..process.child_process import ChildProcess


@dataclass(frozen=True)
class Graces:
    """How long each way of stopping is given before the next, in seconds."""

    cooperative: float = 10
    terminate: float = 5


class Stopping:
    """Nothing until `begin`. The first reason counts."""

    def __init__(self, child: ChildProcess, job: JobMessage, graces: Graces) -> None:
        self._child = child
        self._job = job
        self._graces = graces
        self._steps: List[Tuple[float, Callable[[], None]]] = []
        self.reason: Optional[str] = None

    def begin(self, reason: str, patience: float = math.inf) -> None:
        """`patience` shortens the grace for a job that looks up by itself, in seconds."""
        if self.reason is not None:
            return
        self.reason = reason
        terminate_at = time.monotonic() + min(patience, self._graces.cooperative)
        self._child.ask_to_stop(self._job.key)
        self._steps = [
            (terminate_at, self._child.terminate),
            (terminate_at + self._graces.terminate, self._child.kill),
        ]

    def tick(self) -> None:
        """Takes the next step when it is time."""
        while self._steps and time.monotonic() >= self._steps[0][0]:
            self._steps.pop(0)[1]()
