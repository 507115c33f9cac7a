"""Progress of a Celery task: states of its result."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from typing import Any, Optional

from ..model.errors import DeadlineExceeded
from ..model.progress import Silence, Told, Word

_log = logging.getLogger(__name__)

#: Progress within a stage is stored at most this often; a new stage at once.
TELL_EVERY_SECONDS = 0.5


class TaskProgress:
    """
    Stores `PROGRESS` with `percent` and `stage`. A silent stage is given until its deadline: then FAILURE is stored and the process killed,
    since nothing else ends a call that does not come back.
    """

    def __init__(self, task: Any) -> None:
        # Of this thread: the deadline of a stage is kept by another one.
        self._request = task.request_stack.top
        self._backend = task.backend
        self._stage = ""
        self._told_at = 0.0
        self._deadline: Optional[threading.Timer] = None

    def hear(self, word: Word) -> None:
        self.end_silence()
        if isinstance(word, Silence):
            self._deadline = threading.Timer(word.deadline_seconds, self._give_up, [word.stage])
            self._deadline.daemon = True
            self._deadline.start()
        if isinstance(word, (Told, Silence)):
            self._tell(word.percent, word.stage)

    def end_silence(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _tell(self, percent: float, stage: str) -> None:
        if stage == self._stage and time.monotonic() - self._told_at < TELL_EVERY_SECONDS:
            return
        self._stage, self._told_at = stage, time.monotonic()
        try:
            self._store({"percent": percent, "stage": stage}, "PROGRESS")
        except Exception:  # of the broker: the next one makes up for a lost one
            _log.warning("progress is lost", exc_info=True)

    def _give_up(self, stage: str) -> None:
        error = DeadlineExceeded(f"the stage {stage} took longer than it said", retryable=True)
        try:
            self._store(error, "FAILURE")
        finally:
            os.kill(os.getpid(), signal.SIGKILL)

    def _store(self, result: Any, state: str) -> None:
        self._backend.store_result(self._request.id, result, state, request=self._request)
