"""The parent: takes jobs from a transport, has its child work on them, and reports."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable, Dict, Optional

from ..contract.events import Event, Reporter
from ..contract.messages import JobMessage
from ..jobs.folders import job_folder, sweep
from ..model.engine import Target
from ..model.progress import Told
from ..process.child_process import ChildProcess
from ..transports.transport import REFUSED, Delivery, Transport, Unreachable
from .attempt import SHUTDOWN, Attempt
from .ending import EndAsked, Ending
from .stopping import Graces

_log = logging.getLogger(__name__)

#: How long the bridge may be away, in seconds: before a job is begun, and when its end is to be reported (the lease is surely over then).
PATIENCE_TO_BEGIN = 20.0
PATIENCE_TO_END = 120.0
PATIENCE_WHEN_ENDING = 5.0
#: A worker that is asked to end is killed itself after a while, often 10 seconds: it must have reported by then.
SHUTDOWN_GRACE = 3.0
LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Options:
    """How a worker treats its child."""

    worker_id: str
    graces: Graces = field(default_factory=Graces)
    #: A fresh process after this many jobs; None for never.
    max_jobs_per_process: Optional[int] = None
    #: A fresh process when it has grown by this much since its first job; None for never.
    max_growth_mib: Optional[float] = None
    log_level: str = "INFO"


class Runner:
    """Works off jobs, one at a time, until it is asked to end."""

    def __init__(
        self, target: Target, transport: Transport, options: Options, ending: Optional[Ending] = None
    ) -> None:
        self._target = target
        self._transport = transport
        self._options = options
        self._ending = ending or Ending()
        self._child: Optional[ChildProcess] = None

    def run(self) -> None:
        """Returns when the worker was asked to end. Raises NotAllowed and LoadFailure."""
        sweep()
        try:
            while not self._ending.is_asked:
                with self._ending.interruptible():
                    child = self._warm_child()
                    delivery = self._transport.next_job()
                if delivery:
                    self._take(child, delivery)
                    self._recycle(child)
        except EndAsked:
            pass
        finally:
            if self._child:
                self._child.close()
            self._transport.close()

    def _warm_child(self) -> ChildProcess:
        """The process with the model in it: jobs are taken only when it is there."""
        if self._child and not self._child.is_alive:
            self._child.kill()
            self._child = None
        if self._child is None:
            self._transport.close()  # a connection that nobody looks after would be given jobs
            self._child = ChildProcess(self._target, self._options.log_level)
            self._child.wait_until_ready()
            _log.info("the model is ready")
        return self._child

    def _take(self, child: ChildProcess, delivery: Delivery) -> None:
        job = delivery.job
        reporter = Reporter(job, self._options.worker_id)
        accepted = reporter.event("accepted", stage="accepted")
        try:
            reason = self._transport.deliver(accepted, self._patience(PATIENCE_TO_BEGIN))
        except Unreachable as error:
            _log.warning("job %s attempt %s is left alone: %s", job.task_id, job.attempt, error)
            return delivery.given_back()
        delivery.taken()
        if reason is None:
            ending = self._work(child, delivery, reporter)
        else:
            ending = None if reason == REFUSED else {"kind": "canceled"}
        how = (ending or {}).get("error", {}).get("code") or (ending or {}).get("kind") or reason
        _log.info("job %s attempt %s: %s", job.task_id, job.attempt, how)
        if ending:
            self._report_end(reporter, job, ending)

    def _work(
        self, child: ChildProcess, delivery: Delivery, reporter: Reporter
    ) -> Optional[Dict[str, Any]]:
        with job_folder() as folder:
            attempt = Attempt(child, delivery, self._options.graces, folder)
            while attempt.outcome is None:
                told = attempt.look(LOOK_EVERY_SECONDS)
                if told:
                    self._transport.tell(partial(_progress, reporter, told))
                attempt.stop_for(self._transport.stop_reason(delivery.job))
                if self._ending.is_asked:
                    attempt.stop_for(SHUTDOWN, SHUTDOWN_GRACE)
        return attempt.ending()

    def _report_end(self, reporter: Reporter, job: JobMessage, ending: Dict[str, Any]) -> None:
        try:
            self._transport.deliver(reporter.event(**ending), self._patience(PATIENCE_TO_END))
        except Unreachable as error:
            _log.error("the end of job %s attempt %s is lost: %s", job.task_id, job.attempt, error)

    def _patience(self, seconds: float) -> Callable[[], bool]:
        began = time.monotonic()

        def is_over() -> bool:
            limit = min(seconds, PATIENCE_WHEN_ENDING) if self._ending.is_asked else seconds
            return time.monotonic() - began > limit

        return is_over

    def _recycle(self, child: ChildProcess) -> None:
        """A fresh process for the next job, where there is a reason."""
        if child.is_alive and not self._is_worn(child):
            return
        child.close()
        self._child = None

    def _is_worn(self, child: ChildProcess) -> bool:
        if child.is_unusable:
            return True
        if child.jobs_begun == 0:
            return False
        limit = self._options.max_jobs_per_process
        if limit is not None and child.jobs_begun >= limit:
            return True
        if self._options.max_growth_mib is None:
            return False
        mib = child.resident_mib
        if mib is None:
            return False
        if child.mib_after_first_job is None:
            child.mib_after_first_job = mib
        return mib - child.mib_after_first_job > self._options.max_growth_mib


def _progress(reporter: Reporter, told: Told) -> Event:
    return reporter.event("progress", percent=round(told.percent, 2), stage=told.stage)
