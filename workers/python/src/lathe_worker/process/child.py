"""The process that holds the model: one job at a time, warm between jobs. It knows no transport."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Tuple, Union

from ..contract.messages import JobMessage
from ..jobs.perform import Result, perform
from ..model.engine import Engine, Target, load
from ..model.errors import Canceled, failure_of, leaves_process_unusable
from ..model.progress import Progress, Word

Key = Tuple[str, int]
#: A multiprocessing.connection.Connection; it is generic in newer type stubs alone.
Pipe = Any


@dataclass(frozen=True)
class Work:
    """An order: do this. `folder` is there and empty."""

    job: JobMessage
    folder: str
    budget_seconds: float


@dataclass(frozen=True)
class StopWork:
    """An order: stop at the next word of progress, if it is this attempt that runs."""

    key: Key


@dataclass(frozen=True)
class Ready:
    """The model is loaded."""


@dataclass(frozen=True)
class Failed:
    """`error` is that of a `failed` event. A process that is unusable after it gets no other job."""

    error: Dict[str, Any]
    is_unusable: bool = False


@dataclass(frozen=True)
class Stopped:
    """It was asked to stop, and has."""


Outcome = Union[Result, Failed, Stopped]
Message = Union[Ready, Outcome, Word]


def serve(connection: Pipe, target: Target, log_level: str) -> None:
    """Loads the model, says that it is ready, and works off orders until the other end is closed."""
    logging.basicConfig(level=log_level, format="%(asctime)s %(levelname)s child %(message)s")
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent too, which decides
    bench = _Bench(connection)
    signal.signal(signal.SIGTERM, bench.on_terminate)
    engine = load(target)
    connection.send(Ready())
    while True:
        try:
            order = connection.recv()
        except EOFError:
            return
        if isinstance(order, Work):
            connection.send(bench.do(engine, order))


class _Bench:
    """Where the one job lies that is being worked on."""

    def __init__(self, connection: Pipe) -> None:
        self._connection = connection
        self._key: Optional[Key] = None
        self._is_stopped = False
        self._is_speaking = False

    def do(self, engine: Engine, work: Work) -> Outcome:
        self._is_stopped = False
        progress = Progress(self._say, self._check, work.budget_seconds)
        self._key = work.job.key
        try:
            result = perform(engine, work.job, progress, Path(work.folder))
            self._key = None
            return result
        except Canceled:
            return Stopped()
        except Exception as error:
            logging.getLogger(__name__).exception("job %s failed", work.job.task_id)
            return Failed(failure_of(error), leaves_process_unusable(error))
        finally:
            self._key = None

    def on_terminate(self, *_: object) -> None:
        """Ends the job wherever Python has its hands; a call that never comes back needs SIGKILL."""
        if self._key is None or self._is_stopped:
            return
        self._is_stopped = True
        if not self._is_speaking:
            raise Canceled

    def _check(self) -> None:
        while self._connection.poll():
            with self._speaking():
                order = self._connection.recv()
            if isinstance(order, StopWork) and order.key == self._key:
                self._is_stopped = True
                raise Canceled

    def _say(self, word: Word) -> None:
        with self._speaking():
            self._connection.send(word)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """A message is sent and read whole: SIGTERM waits for its end."""
        self._is_speaking = True
        try:
            yield
        finally:
            self._is_speaking = False
        if self._is_stopped:
            raise Canceled


def die_with_parent() -> None:
    """No child outlives its parent on Linux, also one that hangs: prctl(2), PR_SET_PDEATHSIG."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
