"""One job in the child: watched until it has ended, of itself or because it was stopped."""

from __future__ import annotations

import math
import time
from typing import Any, Dict, Optional

from ..jobs.perform import Result
from ..model.errors import DeadlineExceeded, Internal, Shutdown, WorkerError, failure
from ..model.progress import Silence, SilenceOver, Told
from ..process.child import Failed, Work
from ..process.child_process import ChildProcess, Died
from ..transports.transport import REFUSED, Delivery
from .heartbeat import Heartbeat
from .stopping import Graces, Stopping

#: Why a job is stopped, besides the words of a control.
BUDGET = "budget"
STAGE = "stage"
SHUTDOWN = "worker shutdown"


class Attempt:
    """One job in the child, until it has ended, of itself or because it was stopped."""

    def __init__(
        self, child: ChildProcess, delivery: Delivery, graces: Graces, folder: str
    ) -> None:
        job = delivery.job
        self.outcome: Any = None
        self._child = child
        self._heartbeat = Heartbeat(job.heartbeat_ms)
        self._stopping = Stopping(child, job, graces)
        self._over_at = delivery.received_at + job.budget_ms / 1000
        try:
            child.begin(Work(job, folder, self._over_at - time.monotonic()))
        except OSError:
            self.outcome = Died(None)

    def look(self, seconds: float) -> Optional[Told]:
        """Waits for a word of the child, at most this long. Returns progress that is due to be told."""
        word = self._child.receive(seconds)
        if isinstance(word, (Told, Silence, SilenceOver)):
            self._heartbeat.heard(word)
        elif word is not None:
            self.outcome = word
            return None
        if time.monotonic() > self._over_at:
            self._stopping.begin(BUDGET)
        if self._heartbeat.is_overdue:
            self._stopping.begin(STAGE, patience=0)
        self._stopping.tick()
        return self._heartbeat.due() if self._stopping.reason is None else None

    def stop_for(self, reason: Optional[str], patience: float = math.inf) -> None:
        if reason:
            self._stopping.begin(reason, patience)

    def ending(self) -> Optional[Dict[str, Any]]:
        """The last event, or None when nobody wants it."""
        reason, outcome = self._stopping.reason, self.outcome
        if isinstance(outcome, Failed):
            self._child.is_unusable = outcome.is_unusable
        if reason == REFUSED:
            return None
        if reason in (None, BUDGET, STAGE, SHUTDOWN) and isinstance(outcome, Result):
            return _succeeded(outcome)
        if reason is not None:
            return _stopped(reason)
        if isinstance(outcome, Failed):
            return {"kind": "failed", "error": outcome.error}
        return _failed(outcome.error() if isinstance(outcome, Died) else Internal(repr(outcome)))


def _succeeded(result: Result) -> Dict[str, Any]:
    return {"kind": "succeeded", "artifacts": result.artifacts, "metrics": result.metrics}


def _stopped(reason: str) -> Dict[str, Any]:
    if reason == BUDGET:
        return _failed(DeadlineExceeded("the job's budget is over"))
    if reason == STAGE:
        return _failed(DeadlineExceeded("a stage took longer than it said", retryable=True))
    if reason == SHUTDOWN:
        return _failed(Shutdown())
    return {"kind": "canceled"}


def _failed(error: WorkerError) -> Dict[str, Any]:
    return {"kind": "failed", "error": failure(error)}
