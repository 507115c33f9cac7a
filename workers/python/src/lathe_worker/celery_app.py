"""A Celery worker for a model: one process, one job at a time."""

from __future__ import annotations

import logging
import os
import signal
import uuid
from pathlib import Path
from typing import Any, Dict, Mapping, Optional
from urllib.parse import urlsplit

from celery import Celery, signals

from .celery.progress import TaskProgress
from .contract.messages import JobMessage, parse_job
from .contract.reading import ContractViolation
from .jobs.folders import job_folder, sweep
from .jobs.perform import perform
from .model.engine import Engine, Target, load
from .model.errors import Unsupported, as_worker_error, leaves_process_unusable
from .model.progress import Progress

_log = logging.getLogger(__name__)

#: Loading a model may take this long, in seconds.
LOADING_SECONDS = 3600


def create(
    generate: Target,
    *,
    broker_url: str,
    queue: str = "lathe",
    task_name: str = "lathe.generate",
    max_jobs_per_process: Optional[int] = None,
) -> Celery:
    """
    An app with the one task that the bridge calls as `task(job=…)`, for `celery -A module:app worker`, or for `run`. `broker_url` is
    amqp:// or redis://. The model is loaded in the process that works with it, never in the one that forks it: CUDA does not survive that.
    """
    app = Celery("lathe_worker", broker=broker_url, backend="rpc://")
    app.conf.update(_settings(broker_url, queue, max_jobs_per_process))
    bench = _Bench(generate)
    signals.worker_process_init.connect(bench.prepare, weak=False)

    def generate_task(task: Any, job: Mapping[str, Any]) -> Dict[str, Any]:
        return bench.do(task, job)

    about = {"Strategy": "lathe_worker.celery.guard:strategy", "on_failure": bench.on_failure}
    app.task(name=task_name, bind=True, **about)(generate_task)
    return app


def run(app: Celery, log_level: str, name: Optional[str] = None) -> int:
    """Works until it is asked to end (SIGTERM lets the job finish, SIGQUIT does not)."""
    node = f"{name or 'lathe'}-{uuid.uuid4().hex[:8]}@%h"
    app.worker_main(["worker", "-n", node, "-l", log_level, "--without-gossip", "--without-mingle"])
    return 0


def _settings(broker_url: str, queue: str, max_jobs_per_process: Optional[int]) -> Dict[str, Any]:
    """
    Acknowledged early, since the bridge's lease guards a job, not its message: with `acks_late` a broker that restarts has a running job run
    twice.
    """
    is_amqp = urlsplit(broker_url).scheme.startswith(("amqp", "pyamqp"))
    return {
        "task_default_queue": queue,
        "task_default_exchange_type": "direct",
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": False,
        "task_track_started": True,
        "result_persistent": True,
        "worker_concurrency": 1,
        "worker_prefetch_multiplier": 1,
        "worker_send_task_events": True,
        "worker_max_tasks_per_child": max_jobs_per_process,
        "worker_proc_alive_timeout": LOADING_SECONDS,
        "broker_heartbeat": 10,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"confirm_publish": True} if is_amqp else {},
    }


class _Bench:
    """The model of a pool process."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._engine: Optional[Engine] = None

    def prepare(self, **_: Any) -> None:
        """Loads the model before the process takes tasks. Without it the whole worker ends, as there is nothing it could do."""
        sweep()
        try:
            self._engine = load(self._target)
        except BaseException:
            _log.exception("the model cannot be loaded")
            os.kill(os.getppid(), signal.SIGTERM)
            os._exit(1)

    def do(self, task: Any, job: Mapping[str, Any]) -> Dict[str, Any]:
        """The result of the task: artifacts and metrics of a `succeeded` event. Raises WorkerError alone."""
        message = _read(job)
        if self._engine is None:  # a pool without processes of its own, such as `solo`
            self._engine = load(self._target)
        told = TaskProgress(task)
        progress = Progress(told.hear, budget_seconds=message.budget_ms / 1000)
        try:
            with job_folder() as folder:
                result = perform(self._engine, message, progress, Path(folder))
        except Exception as error:
            raise as_worker_error(error) from error
        finally:
            told.end_silence()
        return {"artifacts": result.artifacts, "metrics": result.metrics}

    @staticmethod
    def on_failure(error: BaseException, *_: Any) -> None:
        """Called when FAILURE has been stored. A process that is of no more use makes place for a fresh one."""
        if leaves_process_unusable(error):
            os.kill(os.getpid(), signal.SIGKILL)


def _read(job: Mapping[str, Any]) -> JobMessage:
    try:
        return parse_job(job)
    except ContractViolation as error:
        raise Unsupported(f"the job cannot be read: {error}") from error
